"""A page: one self-contained file that shows a run or a sweep, and plays it, without a network.

It stands above :mod:`sim.plots`, whose figures it holds for print, and not within
:mod:`sim.report`, which figures take their words from.
"""
