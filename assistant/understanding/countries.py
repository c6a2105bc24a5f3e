"""The countries that a report speaks of, by their English names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

NAMES = """
Afghanistan, Albania, Algeria, Andorra, Angola, Argentina, Armenia, Australia, Austria, Azerbaijan, Bahamas, Bahrain,
Bangladesh, Barbados, Belarus, Belgium, Belize, Benin, Bhutan, Bolivia, Bosnia and Herzegovina, Botswana, Brazil,
Brunei, Bulgaria, Burkina Faso,
Burundi, Cambodia, Cameroon, Canada, Cabo Verde, Cape Verde, Central African Republic,
Chile, China, Colombia, Comoros, Costa Rica, Côte d'Ivoire, Croatia, Cuba, Cyprus, Czech Republic, Czechia,
Democratic Republic of the Congo, Republic of the Congo, Denmark, Djibouti, Dominica, Dominican Republic, Ecuador,
Egypt, El Salvador, Equatorial Guinea, Eritrea, Estonia, Eswatini, Ethiopia, Fiji, Finland, France, Gabon, Gambia,
Germany, Ghana, Greece, Grenada, Guatemala, Guinea, Guinea-Bissau, Guyana, Haiti, Honduras, Hungary, Iceland, India,
Indonesia,
Iran, Iraq, Ireland, Israel, Italy, Jamaica, Japan, Kazakhstan, Kenya, Kiribati, Kosovo, Kuwait, Kyrgyzstan, Laos,
Latvia, Lebanon, Lesotho, Liberia, Libya, Lithuania, Luxembourg, Madagascar, Malawi, Malaysia, Maldives, Mali, Malta,
Mauritania, Mauritius, Mexico, Micronesia, Moldova, Mongolia, Montenegro, Morocco, Mozambique, Myanmar, Namibia, Nauru,
Nepal, Netherlands, New Zealand, Nicaragua, Niger, Nigeria, North Macedonia, Norway, Oman, Pakistan, Palau, Palestine,
Panama, Papua New Guinea, Paraguay, Peru, Philippines, Poland, Portugal, Qatar, Romania, Russia, Rwanda, Saint Lucia,
Samoa, Saudi Arabia, Senegal, Serbia, Seychelles, Sierra Leone, Singapore, Slovakia, Slovenia, Solomon Islands, Somalia,
South Africa, South Korea, South Sudan, Spain, Sri Lanka, Sudan, Suriname, Sweden, Switzerland, Syria, Taiwan,
Tajikistan, Tanzania, Thailand, Timor-Leste, Togo, Tonga, Trinidad and Tobago, Tunisia, Türkiye, Turkmenistan, Tuvalu,
Uganda, Ukraine, United Arab Emirates, United Kingdom, Uruguay, Uzbekistan, Vanuatu, Venezuela, Vietnam, Viet Nam,
Yemen, Zambia, Zimbabwe
"""
# Longest first, so that Guinea-Bissau is not Guinea. The United States, Chad, Jordan, Turkey and Georgia are left out:
# they are part of the names of offices, people, birds and federal states more often than the country a report is about.
COUNTRY = re.compile(
    r"(?<!New )\b("
    + "|".join(sorted((re.escape(n.strip()) for n in NAMES.replace("\n", " ").split(",")), key=len, reverse=True))
    + r")\b(?! City)"
)
FEWEST = 5  # mentions
SHARE = 0.2  # of the mentions of the country that is named most


def countries(title: str, pages: Sequence[str]) -> tuple[str, ...]:
    """The countries that the title names, else those named often on the pages; the most named first."""
    counts = Counter(COUNTRY.findall("\n".join(pages)))
    titled = list(dict.fromkeys(COUNTRY.findall(title.title() if title.isupper() else title)))
    if titled:
        return tuple(sorted(titled, key=lambda name: -counts[name]))
    most = max(counts.values(), default=0)
    return tuple(name for name, count in counts.most_common() if count >= max(FEWEST, SHARE * most))
