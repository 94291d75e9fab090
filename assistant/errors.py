"""Every error that Casewise raises on purpose. Each message says what happened, to what, and what to do next.

::

    CasewiseError                 exit code 1
    ├── UsageError                exit code 2: the caller asked for something that cannot be asked
    │   ├── QuestionError         empty or too long
    │   └── UnknownName           a theme, aspect, case or document that the library does not know
    ├── SettingsError             a setting that cannot be read
    ├── TaxonomyError             taxonomy.toml missing or wrong
    ├── CorrectionError           tags.toml, with a person's corrections of tags, is wrong
    ├── ReadingError              a document that cannot be read
    ├── KeepingError              a file that cannot be put into the corpus, replaced or removed
    ├── EmptyCorpus               nothing to build an index from
    ├── EvaluationError           a question set, an earlier run or a file of floors that cannot be used
    ├── MissingExtra              a part of Casewise needs a package that is not installed; an ImportError, too
    ├── ModelError                the embedding model is missing or not the one that was published
    ├── LanguageModelError        the language model cannot be reached, or does not answer as it should
    ├── ArchiveError              the conversations cannot be kept or read
    ├── WorkersError              the machines that embed cannot be reached, went away, or have another model
    ├── RetrievalSetError         a retrieval set that cannot be read
    ├── ClusterError              the cluster that vectors are searched in refuses, or does not do as it is asked
    │   └── ClusterAway           it does not answer in time
    └── IndexFault                the index cannot be used
        ├── IndexMissing          there is none
        ├── IndexDamaged          a file is missing, truncated or altered
        └── IndexMismatch         it was built with another format or model
"""


class CasewiseError(Exception):
    """Anything that went wrong in a way Casewise can explain."""


class UsageError(CasewiseError):
    """The request itself cannot be met as it stands."""


class QuestionError(UsageError):
    """The question is empty or too long."""


class UnknownName(UsageError):
    """A theme, aspect, case or document that the library does not know, or that could be several."""


class SettingsError(CasewiseError):
    """A setting in the environment or in a settings file cannot be read."""


class TaxonomyError(CasewiseError):
    """The taxonomy is missing, is not TOML, or contradicts itself."""


class CorrectionError(CasewiseError):
    """A person's corrections of tags cannot be read, or name what the library does not know."""


class ReadingError(CasewiseError):
    """A document cannot be read."""


class KeepingError(CasewiseError):
    """A file cannot be put into the corpus folder, replaced there or removed from it."""


class EmptyCorpus(CasewiseError):
    """The corpus folder is missing, or holds nothing that can be read."""


class EvaluationError(CasewiseError):
    """A question set, a set of claims, an earlier run or a file of floors cannot be used."""


class MissingExtra(CasewiseError, ImportError):
    """A part of Casewise needs a package that is not installed; the message names the extra that brings it."""


class ModelError(CasewiseError):
    """The embedding model is missing, or its weights are not the published ones."""


class WorkersError(CasewiseError):
    """The cluster that embeds cannot be reached, went away, or has another model than this machine."""


class LanguageModelError(CasewiseError):
    """The language model cannot be reached, or does not answer as it should. Questions are then answered by quotes."""


class RetrievalSetError(CasewiseError):
    """A corpus, queries or judgements to evaluate retrieval on cannot be read."""


class ArchiveError(CasewiseError):
    """The file that conversations are kept in cannot be read or written."""


class ClusterError(CasewiseError):
    """The cluster that vectors are searched in refuses, or does not do as it is asked."""


class ClusterAway(ClusterError):
    """The cluster that vectors are searched in does not answer in time."""


class IndexFault(CasewiseError):
    """The index cannot be used as it is."""


class IndexMissing(IndexFault):
    """There is no index yet."""


class IndexDamaged(IndexFault):
    """A file of the index is missing, truncated or altered."""


class IndexMismatch(IndexFault):
    """The index was built with another format or another model."""
