"""One line of the closing check."""

from __future__ import annotations

from dataclasses import dataclass, field

from rich.console import Console


@dataclass(frozen=True)
class Finding:
    """What was looked at, in a sentence; what contradicts it; what is only worth knowing."""

    line: str
    contradictions: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.contradictions

    def print(self, console: Console) -> None:
        """The line with its mark; at most a dozen contradictions, so that a page holds the check."""
        console.print(f"{'[green]✓[/]' if self.holds else '[red]✗[/]'} {self.line}", highlight=False)
        for text in self.contradictions[:12]:
            console.print(f"    ✗ {text}", highlight=False, markup=False, soft_wrap=True)
        if len(self.contradictions) > 12:
            console.print(f"    ✗ … and {len(self.contradictions) - 12} more", highlight=False)
        for text in self.notes:
            console.print(f"    {text}", highlight=False, markup=False, soft_wrap=True)
