"""The command line: `huiqi …`."""
