"""The exception of the package."""


class Error(RuntimeError):
    """Something failed that can be expected to fail: a damaged file, a model that is missing, an argument out of range.

    ``code`` is one of invalid_argument, not_found, corrupt_data, model_mismatch, unsupported, resource_limit, cancelled
    and internal.
    """

    def __init__(self, message: str, code: str = "internal") -> None:
        super().__init__(message)
        self.code = code
