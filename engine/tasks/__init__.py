"""What a long job is: a cancel token, a progress callback, events, and executors to run it on."""
