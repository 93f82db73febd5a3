"""A second, independent corpus of submissions, on notebooks 02 to 05."""

from tests.corpus_two.accidents import ACCIDENTS
from tests.corpus_two.files import FILES
from tests.corpus_two.honest import HONEST
from tests.corpus_two.honest_deep import HONEST_DEEP
from tests.corpus_two.structure import STRUCTURE
from tests.corpus_two.wrong import WRONG

ALL = [*HONEST, *HONEST_DEEP, *ACCIDENTS, *STRUCTURE, *FILES, *WRONG]
