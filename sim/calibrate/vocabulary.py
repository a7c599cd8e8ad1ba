"""Words that say how a deal ended, without case and accents, in the languages of CRMs."""

WON = frozenset({
    "won", "win", "closedwon", "sold", "ganado", "ganada", "ganados", "ganadas", "vendido", "vendida", "gagne", "gagnee",
    "gagnes", "gagnees", "remporte", "remportee", "vendu", "vendue", "gewonnen", "gewonnene", "gewonnener", "verkauft",
    "vinto", "vinta", "vinti", "vinte", "venduto", "venduta", "ganho", "ganha", "ganhos", "ganhas", "verkocht", "vunnen",
    "vunnet", "vundet", "vundne", "wygrana", "wygrane", "wygrany", "renewed", "renouvele", "renouvelee", "renovado",
    "renovada", "erneuert", "verlangert", "rinnovato", "rinnovata", "verlengd",
})  # fmt: skip
LOST = frozenset({
    "lost", "loss", "closedlost", "dead", "disqualified", "unqualified", "rejected", "abandoned", "cancelled", "canceled",
    "dropped", "junk", "withdrawn", "declined", "refused", "churned", "perdido", "perdida", "perdidos", "perdidas",
    "descartado", "descartada", "rechazado", "rechazada", "cancelado", "cancelada", "descalificado", "descalificada",
    "abandonado", "abandonada", "anulado", "anulada", "perdu", "perdue", "perdus", "perdues", "abandonne", "abandonnee",
    "rejete", "rejetee", "refuse", "refusee", "annule", "annulee", "disqualifie", "disqualifiee", "verloren", "verlorene",
    "verlorener", "abgelehnt", "abgesagt", "abgebrochen", "storniert", "disqualifiziert", "unqualifiziert", "ungeeignet",
    "perso", "persa", "persi", "perse", "scartato", "scartata", "rifiutato", "rifiutata", "annullato", "annullata",
    "abbandonato", "abbandonata", "squalificato", "rejeitado", "rejeitada", "desqualificado", "desqualificada", "expired",
    "lapsed", "terminated", "gekundigt", "resilie", "resiliee", "disdetto", "disdetta", "opgezegd", "afgewezen",
    "geannuleerd", "gediskwalificeerd", "afgevallen", "forlorad", "forlorat", "tapt", "tabt", "przegrana", "przegrane",
})  # fmt: skip
CLOSED = frozenset({
    "closed", "done", "completed", "finished", "ended", "converted", "cerrado", "cerrada", "finalizado", "finalizada",
    "ferme", "fermee", "clos", "close", "cloture", "termine", "terminee", "conclu", "conclue", "geschlossen",
    "abgeschlossen", "beendet", "erledigt", "chiuso", "chiusa", "concluso", "conclusa", "fechado", "fechada", "concluido",
    "concluida", "encerrado", "encerrada", "gesloten", "afgesloten", "afgerond",
})  # fmt: skip
ENDS = WON | LOST | CLOSED | frozenset({"open", "deals", "deal", "leads", "records", "pipeline", "amount"})
