"""Tests of the window, with a real QApplication and a library of real rows."""
