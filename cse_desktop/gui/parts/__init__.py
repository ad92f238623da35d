"""Small widgets that know nothing of transfers, keys or buckets."""
