"""One line of the closing check."""

from __future__ import annotations

from dataclasses import dataclass, field

from rich.console import Console


@dataclass(frozen=True)
class Finding:
    """What was looked at, in a sentence; what contradicts it; what is only worth knowing."""

    line: str
    against: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.against

    def print(self, console: Console) -> None:
        """The line with its mark; at most a dozen contradictions, so that a page holds the check."""
        console.print(f"{'[green]✓[/]' if self.holds else '[red]✗[/]'} {self.line}", highlight=False)
        for one in self.against[:12]:
            console.print(f"    ✗ {one}", highlight=False, markup=False, soft_wrap=True)
        if len(self.against) > 12:
            console.print(f"    ✗ … and {len(self.against) - 12} more", highlight=False)
        for one in self.beside:
            console.print(f"    {one}", highlight=False, markup=False, soft_wrap=True)
