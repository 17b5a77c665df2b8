"""The documents library on the site (文件库): texts, what became of each sentence, ledgers, and texts side by side."""
