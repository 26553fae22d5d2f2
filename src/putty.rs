//! Private keys of PuTTY: the PPK files, versions 2 and 3.
