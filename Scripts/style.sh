#!/usr/bin/env bash
# The style that CONTRIBUTING.md asks for: formatted as .swift-format says, and no function over 60 lines.
# swift-format passes over hidden folders, so that no .build is looked at.
set -euo pipefail
cd "$(dirname "$0")/.."
swift format lint -r --strict Sources Tests Benchmarks Package.swift
python3 Scripts/functions.py --self-test
python3 Scripts/functions.py
