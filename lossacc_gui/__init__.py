"""See how cross-entropy loss and accuracy answer the same predictions."""

__version__ = "0.1.0"
