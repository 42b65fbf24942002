"""What a run consists of while it goes on: its objects, threads, findings and times."""
