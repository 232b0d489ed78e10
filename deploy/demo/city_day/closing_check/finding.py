"""A finding: one line of the closing check."""

from __future__ import annotations

from dataclasses import dataclass, field

from rich.console import Console


@dataclass(frozen=True)
class Finding:
    """A guarantee in one sentence, the data that contradict it, and notes."""

    line: str
    contradictions: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.contradictions

    def print(self, console: Console) -> None:
        """Print the line with its mark, and at most twelve contradictions."""
        console.print(f"{'[green]✓[/]' if self.holds else '[red]✗[/]'} {self.line}", highlight=False)
        for text in self.contradictions[:12]:
            console.print(f"    ✗ {text}", highlight=False, markup=False, soft_wrap=True)
        if len(self.contradictions) > 12:
            console.print(f"    ✗ … and {len(self.contradictions) - 12} more", highlight=False)
        for text in self.notes:
            console.print(f"    {text}", highlight=False, markup=False, soft_wrap=True)
