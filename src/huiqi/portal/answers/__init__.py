"""What am I owed (我能享受什么): the calculator for anybody, and the same pages for a firm of the register."""
