"""Plans in stages."""

SIGN_OF = {"leads": "leads_organic_social", "messages": "messages", "reach": "reach", "followers": "followers"}
