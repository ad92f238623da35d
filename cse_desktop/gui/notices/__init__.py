"""What is told to the user: notices and errors."""
