"""What the window is asked for, done: studies opened, shown, packed and put away."""
