"""What people do with rules: list them, ask which applies, add to them, print what they say."""
