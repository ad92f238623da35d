"""A decrypted object shown in memory."""
