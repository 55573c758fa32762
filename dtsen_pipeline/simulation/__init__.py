"""A population with known truth, written as the landing files of a month. The door is `simulate`."""

from dtsen_pipeline.simulation.kerusakan import ErrorMix
from dtsen_pipeline.simulation.simulasi import SimulationReport, simulate

__all__ = ["ErrorMix", "SimulationReport", "simulate"]
