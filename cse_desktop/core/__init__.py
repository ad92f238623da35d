"""The product without threads or windows: verbs over S3, KMS and files."""
