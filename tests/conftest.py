from hypothesis import settings

settings.register_profile("streamer", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("streamer")
