"""nbgrader's exchange, where its own Collect believes what a student's folder says of itself.

Everybody may write into the inbound folder, so a folder counts for its owner alone, and nothing in it is followed.
"""

import os
import stat
from glob import glob
from pathlib import Path

from nbgrader.exchange.default import ExchangeCollect, ExchangeReleaseFeedback
from nbgrader.utils import find_owner, temp_attrs

from grader import intake


class Collect(ExchangeCollect):
    """Collects what each student handed in, as plain files; what somebody else put there in their name is left."""

    def _sort_by_timestamp(self, records):
        own = [record for record in records if self._is_own(record)]
        return super()._sort_by_timestamp(own or records)

    def init_src(self):
        super().init_src()
        for record in self.src_records:
            if not self._is_own(record):
                self.log.error("Left alone, since it is no folder of %s's: %s", record["username"], record["filename"])
        self.src_records = [record for record in self.src_records if self._is_own(record)]

    def do_copy(self, src, dest, log=None):
        files, notes = intake.collect(src)
        for note in notes:
            self.log.warning("%s: %s", src, note)
        os.makedirs(dest)
        for name, data in files.items():
            Path(dest, name).write_bytes(data)

    def _is_own(self, record):
        """Return whether it is a folder, and that of the student whose name it bears."""
        path = os.path.join(self.inbound_path, record["filename"])
        if not stat.S_ISDIR(os.lstat(path).st_mode):
            return False
        try:
            return not self.check_owner or find_owner(path) == record["username"]
        except KeyError:  # an account that is no more
            return False


class ReleaseFeedback(ExchangeReleaseFeedback):
    """Puts out the pages of those who handed in through the exchange; nbgrader's own fails where somebody did not."""

    def copy_files(self):
        by_hand = [path.parent.name for path in map(Path, glob(self.src_path)) if not (path / intake.SECRET).is_file()]
        for student in by_hand:
            self.log.warning("Not from the exchange, so give it back by hand: the page of %s", student)
        others = [name for name in self.coursedir.student_id_exclude.split(",") if name]
        with temp_attrs(self.coursedir, student_id_exclude=",".join(others + by_hand)):
            super().copy_files()
