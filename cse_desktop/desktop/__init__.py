"""What the desktop around the window does for it: notifications, and not falling asleep."""
