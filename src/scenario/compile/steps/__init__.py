"""Steps as written -> operations."""
