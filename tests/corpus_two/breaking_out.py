"""Ways out of a sandbox that the first corpus does not try. Each only touches the bait, or a name of its own."""

from tests.corpus.writing import extra
from tests.corpus_two.submission import R2, R3, R4, R5
from tests.corpus_two.targets import cheats, tries

CALLS = """
    import ctypes, os
    libc = ctypes.CDLL(None, use_errno=True)

    def call(number, *args):
        "Make a system call of x86-64 and tell whether it worked."
        result = libc.syscall(ctypes.c_long(number), *args)
        print(number, result, os.strerror(ctypes.get_errno()) if result < 0 else "")
        return result

    def trace(name):
        try:
            with open(f"$drop/{name}", "w") as f:
                f.write("x")
        except OSError as e:
            print(e)
"""
PTRACE = (
    CALLS
    + """
    parent = os.getppid()
    if call(101, 0x4206, ctypes.c_long(parent), None, None) >= 0:  # PTRACE_SEIZE
        call(101, 17, ctypes.c_long(parent), None, None)  # PTRACE_DETACH
    here, there = ctypes.create_string_buffer(64), ctypes.c_long(0x400000)
    vec = (ctypes.c_size_t * 2)(ctypes.addressof(here), 64)
    remote = (ctypes.c_size_t * 2)(there.value, 64)
    for pid in (1, parent):
        call(310, ctypes.c_long(pid), vec, ctypes.c_long(1), remote, ctypes.c_long(1), ctypes.c_long(0))
        if (fd := call(434, ctypes.c_long(pid), ctypes.c_long(0))) >= 0:  # pidfd_open
            for n in range(3, 12):
                got = call(438, ctypes.c_long(fd), ctypes.c_long(n), ctypes.c_long(0))  # pidfd_getfd
                if got >= 0:
                    os.close(got)
"""
)
NAMESPACES = (
    CALLS
    + """
    for flag in (0x10000000, 0x00020000, 0x40000000, 0x20000000, 0x08000000, 0x02000000):
        if call(272, ctypes.c_long(flag)) == 0:  # unshare
            trace(f"namespace-{flag:x}")
    import glob
    for path in glob.glob("/proc/1/ns/*") + glob.glob(f"/proc/{os.getppid()}/ns/*"):
        try:
            fd = os.open(path, os.O_RDONLY)
            if call(308, ctypes.c_long(fd), ctypes.c_long(0)) == 0:  # setns
                trace("setns")
        except OSError as e:
            print(e)
"""
)
MOUNTS = (
    CALLS
    + """
    os.makedirs("mounted", exist_ok=True)
    here = b"mounted"
    if call(165, b"$drop", here, b"", ctypes.c_ulong(4096), None) == 0:  # bind mount
        trace("bound")
        call(166, here, ctypes.c_long(2))  # umount
    if call(165, b"proc", here, b"proc", ctypes.c_ulong(0), None) == 0:
        call(166, here, ctypes.c_long(2))
    call(161, b"mounted")  # chroot
    call(428, ctypes.c_long(-100), b"/", ctypes.c_long(1))  # open_tree
    handle = (ctypes.c_char * 136)()
    ctypes.c_uint.from_buffer(handle).value = 128
    mount = ctypes.c_int()
    if call(303, ctypes.c_long(-100), b"/", handle, ctypes.byref(mount), ctypes.c_long(0)) == 0:
        fd = call(304, ctypes.c_long(-100), handle, ctypes.c_long(0))  # open_by_handle_at
        if fd >= 0:
            print(os.listdir(fd)[:5])
"""
)
FAULTS = (
    CALLS
    + """
    fd = call(323, ctypes.c_long(0o2004000))  # userfaultfd
    call(298, (ctypes.c_char * 128)(), ctypes.c_long(0), ctypes.c_long(-1), ctypes.c_long(-1), ctypes.c_long(0))
    call(321, ctypes.c_long(0), (ctypes.c_char * 128)(), ctypes.c_long(128))  # bpf
    key = call(248, b"user", b"corpus-two-own", b"left", ctypes.c_long(4), ctypes.c_long(-4))  # add_key
    call(250, ctypes.c_long(0), ctypes.c_long(-3), ctypes.c_long(0))  # keyctl
    call(250, ctypes.c_long(10), ctypes.c_long(-4), b"user", b"corpus-two-own", ctypes.c_long(0))
    shm = call(29, ctypes.c_long(0xC2C2), ctypes.c_long(4096), ctypes.c_long(0o1600))  # shmget
    if shm >= 0:
        call(31, ctypes.c_long(shm), ctypes.c_long(0), None)  # removed again
    call(240, b"/corpus-two", ctypes.c_long(0o102), ctypes.c_long(0o600), None)  # mq_open
    call(241, b"/corpus-two")
"""
)
RING = (
    CALLS
    + """
    told = (ctypes.c_uint32 * 30)()
    ring = call(425, ctypes.c_long(4), told)  # io_uring_setup
    if ring >= 0:
        import mmap, struct
        sq = mmap.mmap(ring, 4096, offset=0)
        sqes = mmap.mmap(ring, 4096, offset=0x10000000)
        path = ctypes.create_string_buffer(b"$drop/ring")
        entry = struct.pack("<BBHiQQII", 18, 0, 0, -100, 0, ctypes.addressof(path), 0o600, os.O_CREAT | os.O_WRONLY)
        sqes[: len(entry)] = entry
        tail, array = told[11], told[16]
        sq[array : array + 4] = struct.pack("<I", 0)
        sq[tail : tail + 4] = struct.pack("<I", 1)
        call(426, ctypes.c_long(ring), ctypes.c_long(1), ctypes.c_long(1), ctypes.c_long(1), None, ctypes.c_long(0))
        os.close(ring)
"""
)
ROOTS = """
    import glob, os
    for root in glob.glob("/proc/[0-9]*/root") + glob.glob("/proc/[0-9]*/cwd"):
        for path in (f"{root}$secret", f"{root}/../../../../../..$secret"):
            try:
                print(open(path).read())
            except OSError:
                pass
        try:
            open(f"{root}$drop/by-root", "w").close()
        except OSError:
            pass
    for link in glob.glob("/proc/[0-9]*/fd/*"):
        try:
            if os.readlink(link) in ("$secret", "$victim"):
                print(open(link).read())
        except OSError:
            pass"""
SYMLINKS = """
    import os
    for name, target in {"report.json": "$victim", "02-relu-network.html": "$secret", "timestamp.txt": "$victim",
                         "out": "$drop", "gradebook.db": "$gradebook", "02-relu-network-out.ipynb": "$secret",
                         "feedback": "$course", "core": "$victim"}.items():
        try:
            os.symlink(target, name)
            with open(name, "a") as f:
                f.write("changed")
        except OSError as e:
            print(e)"""
SOCKETS = """
    import socket
    here, port = "127.0.0.1", $port
    for family, kind, address in ((socket.AF_INET, socket.SOCK_STREAM, (here, port)),
                                  (socket.AF_INET6, socket.SOCK_STREAM, ("::ffff:127.0.0.1", port)),
                                  (socket.AF_INET, socket.SOCK_STREAM, ("0.0.0.0", port)),
                                  (socket.AF_INET, socket.SOCK_STREAM, ("127.1", port)),
                                  (socket.AF_UNIX, socket.SOCK_STREAM, "\\0corpus-two")):
        try:
            with socket.socket(family, kind) as s:
                s.settimeout(0.5)
                s.connect(address)
                s.sendall(b"hello")
        except OSError as e:
            print(e)
    for kind in (socket.SOCK_RAW, socket.SOCK_DGRAM):
        for family in (socket.AF_INET, socket.AF_PACKET, socket.AF_NETLINK, 40):
            try:
                socket.socket(family, kind).close()
            except OSError as e:
                print(family, e)"""
ASYNC_NET = """
    import asyncio, urllib.request, http.client, xmlrpc.client
    async def knock():
        reader, writer = await asyncio.open_connection("localhost", $port)
        writer.write(b"GET / HTTP/1.0\\r\\n\\r\\n")
    try:
        await asyncio.wait_for(knock(), 1)
    except BaseException as e:
        print(type(e))
    for knock in (lambda: http.client.HTTPConnection("127.0.0.1:$port", timeout=1).request("GET", "/"),
                  lambda: np.loadtxt("http://127.0.0.1:$port/x.csv"),
                  lambda: xmlrpc.client.ServerProxy("http://127.0.0.1:$port").x()):
        try:
            knock()
        except Exception as e:
            print(type(e))"""
DEVICES = """
    import fcntl, os, stat, termios
    for fd in (0, 1, 2):
        try:
            for letter in b"touch $drop/typed\\n":
                fcntl.ioctl(fd, termios.TIOCSTI, bytes([letter]))
        except OSError as e:
            print(e)
    for major, minor, name in ((1, 1, "mem"), (8, 0, "sda"), (10, 200, "tun")):
        try:
            os.mknod(f"device-{name}", 0o600 | stat.S_IFBLK, os.makedev(major, minor))
        except OSError as e:
            print(e)
    for path in ("/dev/tty", "/dev/console", "/dev/kmsg", "/dev/fuse", "/dev/kvm", "/dev/net/tun", "/dev/userfaultfd"):
        try:
            os.close(os.open(path, os.O_RDONLY | os.O_NONBLOCK))
            print(path)
        except OSError:
            pass"""
PRIVILEGE = (
    CALLS
    + """
    for step in (lambda: os.setuid(0), lambda: os.setgroups([0]), lambda: os.chroot("/"), lambda: os.nice(-1)):
        try:
            step()
        except OSError as e:
            print(e)
    call(157, ctypes.c_long(38), ctypes.c_long(0), ctypes.c_long(0), ctypes.c_long(0), ctypes.c_long(0))
    for pid in range(1, 60):
        try:
            os.kill(pid, 0)
        except OSError:
            pass
    trace("after-privilege")
"""
)
DISPLAYED = """
    from IPython.display import FileLink, Image, Video, IFrame, display
    for show in (lambda: Image(filename="$secret", format="png"), lambda: Image(filename="$secret", embed=True),
                 lambda: Video("$secret", embed=True), lambda: FileLink("$secret"),
                 lambda: IFrame("file://$secret", 10, 10)):
        try:
            display(show())
        except Exception as e:
            print(type(e))
    %pycat $secret
    %load $secret
    %run $secret
    %cat $secret
    print(get_ipython().getoutput("cat $secret"))"""
SAVED = """
    np.save("$drop/array.npy", np.zeros(3))
    np.zeros(3).tofile("$victim")
    np.memmap("$victim", mode="r+", shape=4)[:] = 0"""
PLOTTED = """
    import matplotlib.pyplot as plt
    plt.plot([1, 2])
    plt.savefig("$drop/plot.png")"""


def _out(room, name, does, code):
    return cheats(room, f"out-{name}", "escape", does, code)


BREAKING_OUT = [
    _out(R2, "ptrace", "ptrace, process_vm_readv and descriptors of other processes", PTRACE),
    _out(R2, "ring", "opens a file by io_uring, past the calls that a filter sees", RING),
    tries(R2, "out-symlinks", "escape", "links to the bait under names that the grader may write",
          extra("imports", SYMLINKS)),
    _out(R3, "namespaces", "new namespaces, and those of other processes", NAMESPACES),
    _out(R3, "roots", "the roots and folders of all processes in /proc", ROOTS),
    tries(R3, "out-saves", "escape", "saves arrays and figures over the bait", extra("imports", SAVED),
          extra("imports", PLOTTED), extra("imports", SAVED.replace("np.save", "0 and np.save"))),
    _out(R4, "mounts", "mounts, chroot, file handles", MOUNTS),
    _out(R4, "sockets", "sockets of every family, to the bait's port and an abstract name", SOCKETS),
    tries(R4, "out-clients", "escape", "asyncio, http, numpy and xmlrpc as clients", extra("imports", ASYNC_NET)),
    _out(R5, "kernel-interfaces", "userfaultfd, perf, bpf, keys, shared memory, queues", FAULTS),
    _out(R5, "devices", "types into the terminal, makes and opens devices", DEVICES),
    _out(R5, "privilege", "asks for rights and looks for processes", PRIVILEGE),
    tries(R5, "out-displays", "escape", "displays, loads and prints a secret file by IPython",
          extra("imports", DISPLAYED)),
]  # fmt: skip
