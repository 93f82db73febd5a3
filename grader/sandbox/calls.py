"""The system calls that student code must do without, as a seccomp filter for the worker to put on itself."""

from base64 import b64encode
from functools import cache
from tempfile import TemporaryFile

from grader.sandbox import SandboxError

REFUSED = (
    *("fork", "vfork", "execve", "execveat"),  # no second process
    *("kill", "tkill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "pidfd_open", "pidfd_send_signal"),
    *("ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "pidfd_getfd", "kcmp"),
    *("socket", "connect", "bind", "listen", "accept", "accept4"),  # no network; a socketpair harms nobody
    *("unshare", "setns", "mount", "umount2", "pivot_root", "chroot", "move_mount", "open_tree", "fsopen", "fsmount"),
    *("bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "io_uring_enter", "io_uring_register"),
    *("keyctl", "add_key", "request_key", "init_module", "finit_module", "delete_module", "kexec_load", "reboot"),
    *("swapon", "swapoff", "quotactl", "acct", "settimeofday", "clock_settime", "sethostname", "setdomainname"),
    *("shmget", "msgget", "semget", "mq_open"),  # what they make outlives a notebook
    *("setpriority", "sched_setscheduler", "sched_setparam", "sched_setattr", "ioprio_set"),  # of other processes too
    *("migrate_pages", "move_pages"),
    *("mknod", "mknodat", "name_to_handle_at", "open_by_handle_at", "personality", "syslog", "ioperm", "iopl"),
)
OF_ITSELF = ("prlimit64", "sched_setaffinity")  # allowed for the calling process, which they call 0
SIGNALLING = (  # ways to have the kernel signal another process
    *(("fcntl", command) for command in (8, 10, 15)),  # F_SETOWN, F_SETSIG, F_SETOWN_EX
    *(("ioctl", command) for command in (0x8901, 0x8902)),  # FIOSETOWN, SIOCSPGRP
)
CLONE_THREAD, ENOSYS, EPERM = 0x10000, 38, 1


def refused():
    """Return {name: number} of the refused calls that this processor has."""
    import pyseccomp as seccomp

    numbers = {name: seccomp.resolve_syscall(seccomp.Arch.NATIVE, name) for name in REFUSED}
    return {name: number for name, number in numbers.items() if number >= 0}


@cache
def program():
    """Return the BPF program as base64: all calls are allowed but those, and clone for anything but a thread.

    clone3 does not exist, so that the C library falls back to clone, whose flags a filter can read.
    Raises SandboxError where libseccomp is missing.
    """
    try:
        import pyseccomp as seccomp
    except (ImportError, RuntimeError) as failure:
        raise SandboxError(
            f"no filter of system calls can be made ({failure}): pip install pyseccomp, apt install libseccomp2"
        ) from failure
    rules = seccomp.SyscallFilter(seccomp.ALLOW)
    for name in refused():
        rules.add_rule(seccomp.ERRNO(EPERM), name)
    rules.add_rule(seccomp.ERRNO(EPERM), "clone", seccomp.Arg(0, seccomp.MASKED_EQ, CLONE_THREAD, 0))
    rules.add_rule(seccomp.ERRNO(ENOSYS), "clone3")
    for name in OF_ITSELF:
        rules.add_rule(seccomp.ERRNO(EPERM), name, seccomp.Arg(0, seccomp.NE, 0))
    for name, command in SIGNALLING:
        rules.add_rule(seccomp.ERRNO(EPERM), name, seccomp.Arg(1, seccomp.MASKED_EQ, 0xFFFFFFFF, command))
    with TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return b64encode(file.read()).decode()
