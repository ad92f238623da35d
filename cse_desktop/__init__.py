"""CSE Desktop: encrypted file transfer to Amazon S3 under KMS keys."""

__version__ = "0.1.0"
