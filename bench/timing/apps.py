"""Puts the stop watches in place when a process starts."""

from __future__ import annotations

from django.apps import AppConfig


class TimingConfig(AppConfig):
    name = "bench.timing"
    label = "bench_timing"

    def ready(self) -> None:
        from bench.timing.watches import put_in_place

        put_in_place()
