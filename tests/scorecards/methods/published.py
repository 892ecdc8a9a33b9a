"""Published: worked examples with known answers; each names where it was printed."""

#: Kracka, Brauers and Zavadskas 2010, Inzinerine Ekonomika 21(4), 352-359.
KRACKA = {
    "values": [
        [33.95, 23.78, 11.45, 39.97, 29.44, 167.10, 3.852],
        [38.9, 4.17, 6.32, 0.01, 4.29, 132.52, 25.184],
        [37.59, 9.36, 8.23, 4.35, 10.22, 136.71, 10.845],
        [30.44, 37.59, 13.91, 74.08, 45.10, 198.34, 2.186],
        [36.21, 14.79, 9.17, 17.77, 17.06, 148.3, 6.610],
        [37.8, 8.55, 7.97, 2.35, 9.25, 134.83, 11.935],
    ],
    "directions": ["min", "min", "min", "min", "max", "min", "max"],
    "scores": [0.12040426, 0.3458235, 0.13838192, 0.12841246, 0.12346084, 0.14351701],
    "ranks": [6, 1, 3, 4, 5, 2],
}

#: Saaty 2005, Theory and Applications of the Analytic Network Process: four cities by five criteria.
CITY_CRITERIA = {
    ("Culture", "Housing"): 3, ("Culture", "Transportation"): 5, ("Family", "Culture"): 5, ("Family", "Housing"): 7,
    ("Family", "Transportation"): 7, ("Housing", "Transportation"): 3, ("Jobs", "Culture"): 2, ("Jobs", "Housing"): 4,
    ("Jobs", "Transportation"): 7, ("Family", "Jobs"): 1,
}  # fmt: skip
CITIES = ("Bethesda", "Boston", "Pittsburgh", "SantaFe")
CITY_JUDGEMENTS = {
    "Culture": {
        ("Bethesda", "Pittsburgh"): 1, ("Boston", "Bethesda"): 2, ("Boston", "Pittsburgh"): 2.5,
        ("Boston", "SantaFe"): 1, ("SantaFe", "Bethesda"): 2, ("SantaFe", "Pittsburgh"): 2.5,
    },
    "Family": {
        ("Bethesda", "Boston"): 2, ("Bethesda", "SantaFe"): 4, ("Boston", "SantaFe"): 2,
        ("Pittsburgh", "Bethesda"): 3, ("Pittsburgh", "Boston"): 8, ("Pittsburgh", "SantaFe"): 9,
    },
    "Housing": {
        ("Bethesda", "Boston"): 5, ("Bethesda", "SantaFe"): 2.5, ("Pittsburgh", "Bethesda"): 2,
        ("Pittsburgh", "Boston"): 9, ("Pittsburgh", "SantaFe"): 7, ("SantaFe", "Boston"): 4,
    },
    "Jobs": {
        ("Bethesda", "Pittsburgh"): 3, ("Bethesda", "SantaFe"): 4, ("Boston", "Bethesda"): 2,
        ("Boston", "Pittsburgh"): 6, ("Boston", "SantaFe"): 8, ("Pittsburgh", "SantaFe"): 1,
    },
    "Transportation": {
        ("Bethesda", "Boston"): 1.5, ("Bethesda", "SantaFe"): 4, ("Boston", "SantaFe"): 2.5,
        ("Pittsburgh", "Bethesda"): 2, ("Pittsburgh", "Boston"): 3.5, ("Pittsburgh", "SantaFe"): 9,
    },
}  # fmt: skip
CITY_PRIORITIES = {"Bethesda": 0.229, "Boston": 0.275, "Pittsburgh": 0.385, "SantaFe": 0.111}

#: The capital of Tennessee: the textbook example in which six rules name three winners.
TENNESSEE = {
    "Memphis>Nashville>Chattanooga>Knoxville": 42,
    "Nashville>Chattanooga>Knoxville>Memphis": 26,
    "Chattanooga>Knoxville>Nashville>Memphis": 15,
    "Knoxville>Chattanooga>Nashville>Memphis": 17,
}

#: Schulze 2011, Social Choice and Welfare 36, 267-303: 45 voters, 5 candidates.
SCHULZE_45 = {
    "A>C>B>E>D": 5, "A>D>E>C>B": 5, "B>E>D>A>C": 8, "C>A>B>E>D": 3, "C>A>E>B>D": 7, "C>B>A>D>E": 2, "D>C>E>B>A": 7,
    "E>B>A>D>C": 8,
}  # fmt: skip

#: Fleiss 1971, the example by which his kappa is taught: 10 subjects, 14 raters, 5 categories.
FLEISS = [
    [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1], [7, 7, 0, 0, 0],
    [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
]  # fmt: skip

#: Krippendorff 2011, Computing Krippendorff's Alpha-Reliability: 4 observers, 12 units, abstentions as None.
KRIPPENDORFF = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]

#: Shrout and Fleiss 1979, Psychological Bulletin 86, 420-428: 6 targets, 4 judges.
SHROUT_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
