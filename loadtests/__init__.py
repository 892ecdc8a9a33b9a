"""loadtests: and when the whole bank asks at once?"""
