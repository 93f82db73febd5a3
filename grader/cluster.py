"""The same work on a cluster: the workers of a dask scheduler, which may come, go and be killed."""

from contextlib import contextmanager

from grader import jobs
from grader.course import CourseError
from grader.engine import Engine

PATIENCE = 30  # seconds to wait for the scheduler, and for a worker


def cluster(address):
    """Return an Engine on the workers of the scheduler at ``address``.

    Raises CourseError where there is no scheduler or worker, or where a worker has another version of the course.
    """
    try:
        from distributed.scheduler import KilledWorker
    except ImportError as failure:
        raise CourseError("grading on a cluster needs dask: pip install distributed") from failure

    @contextmanager
    def executor(count):
        with _client(address) as client:
            yield client.get_executor(retries=0, pure=False)

    with _client(address) as client:
        _agree(client)
        return Engine(executor, sum(client.nthreads().values()), died=(KilledWorker,))


@contextmanager
def _client(address):
    from distributed import Client

    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as failure:
        raise CourseError(_nobody(address)) from failure
    with client:
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError as failure:
            raise CourseError(_nobody(address)) from failure
        yield client


def _nobody(address):
    return f"no scheduler with a worker answers at {address}: start  dask scheduler,  and  dask worker {address}"


def _agree(client):
    """Raise CourseError where a worker's code or data are not those of this machine."""
    own = jobs.code()
    others = [address for address, code in client.run(jobs.code).items() if code != own]
    if others:
        raise CourseError(f"another version of the course on {', '.join(others)}: install this one there")
