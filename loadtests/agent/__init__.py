"""agent: the load generator, a child process; the only place where Locust and gevent are at home."""

from gevent import monkey

# before anything else of this process imports ssl or sockets, else both worlds get mixed (gevent issue 1016)
monkey.patch_all()
