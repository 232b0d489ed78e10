"""Intake's settings, from MOTCUA_* variables."""

from pydantic import Field

from services.intake.domain.submission.filing_limits import FilingLimits
from shared.service.settings import KeyringSettings


class IntakeSettings(KeyringSettings):
    """Settings of a service that encrypts; its public name must fit a text message."""

    service: str = "intake"
    http_port: int = 8001
    foreign_phones: bool = False
    """Whether citizens may give phone numbers of other countries, to which texts are dear."""
    filings_per_phone: int = Field(default=5, ge=0)
    """The most dossiers a day filed without a credential with one phone; 0: no limit. So the next three."""
    filings_per_email: int = Field(default=5, ge=0)
    filings_per_person: int = Field(default=5, ge=0)
    filings_per_address: int = Field(default=100, ge=0)
    public_name: str = Field(default="hcc.example.vn", max_length=14)

    @property
    def filing_limits(self) -> FilingLimits:
        """The limits of filing without a credential."""
        return FilingLimits(
            phone=self.filings_per_phone,
            email=self.filings_per_email,
            person=self.filings_per_person,
            address=self.filings_per_address,
        )
