"""A whole OpenStack Swift (proxy with s3api, object, container and account server) in one process, on loopback.

Used by the tests as a real S3 server. Usage: swift-server.py DIRECTORY ACCESS_KEY SECRET_KEY
Prints one JSON line `{"port": N}` on standard output once it answers, and ends when its standard input is closed, so that it
cannot outlive the test run that started it.
"""

import json
import logging.handlers
import os
import sys
import time
from configparser import ConfigParser


class NoSyslog(logging.handlers.SysLogHandler):
    """Swift and its libraries log to syslog from their first import on. Here there may be none, not even a `localhost`."""

    def createSocket(self):
        pass

    def emit(self, record):
        pass


logging.handlers.SysLogHandler = NoSyslog

from swift.common import utils  # noqa: E402

HOME = os.path.realpath(sys.argv[1])
ACCESS_KEY, SECRET_KEY = sys.argv[2], sys.argv[3]
# Swift looks for it in /etc/swift, which takes root. Set before any other part of Swift is imported: several read it on import.
utils.SWIFT_CONF_FILE = os.path.join(HOME, 'swift.conf')


def write_ini(name, sections):
    parser = ConfigParser(interpolation=None)
    parser.read_dict(sections)
    path = os.path.join(HOME, name)
    with open(path, 'w') as out:
        parser.write(out)
    return path


os.makedirs(os.path.join(HOME, 'devices', 'd1'), exist_ok=True)
write_ini('swift.conf', {'swift-hash': {'swift_hash_path_prefix': 'lethe', 'swift_hash_path_suffix': 'tests'}})

import eventlet  # noqa: E402
import eventlet.wsgi  # noqa: E402

utils.eventlet_monkey_patch()
# Timestamps in listings are local time unless the zone is fixed.
os.environ['TZ'] = 'UTC+0'
time.tzset()

from swift.common import wsgi  # noqa: E402
from swift.common.ring import RingBuilder  # noqa: E402

STORAGE = ('object', 'container', 'account')


def server_conf(name, port):
    common = {
        'bind_ip': '127.0.0.1',
        'bind_port': str(port),
        'swift_dir': HOME,
        'devices': os.path.join(HOME, 'devices'),
        'mount_check': 'false',
        'workers': '0',
        'fallocate_reserve': '0',
    }
    if name != 'proxy':
        return {
            'DEFAULT': common,
            'pipeline:main': {'pipeline': name + '-server'},
            'app:' + name + '-server': {'use': 'egg:swift#' + name},
        }
    # versioned_writes keeps versions as links, hence symlink next to the proxy.
    filters = ['catch_errors', 'gatekeeper', 'cache', 'listing_formats', 'bulk', 's3api', 'tempauth', 'slo',
               'versioned_writes', 'symlink']
    conf = {
        'DEFAULT': common,
        'pipeline:main': {'pipeline': ' '.join(filters + ['proxy-server'])},
        'app:proxy-server': {'use': 'egg:swift#proxy', 'allow_account_management': 'true', 'account_autocreate': 'true'},
    }
    account, user = ACCESS_KEY.split(':')
    extra = {
        # There is no memcached; a closed port fails at once and Swift goes on without a cache.
        'cache': {'use': 'egg:swift#memcache', 'memcache_servers': '127.0.0.1:1'},
        's3api': {'s3_acl': 'no', 'location': 'us-east-1', 'check_bucket_owner': 'no', 'auth_pipeline_check': 'no'},
        'tempauth': {'user_%s_%s' % (account, user): SECRET_KEY + ' .admin'},
        'versioned_writes': {'allow_object_versioning': 'true'},
    }
    for name in filters:
        conf['filter:' + name] = {'use': 'egg:swift#' + name, **extra.get(name, {})}
    return conf


def build_ring(name, port):
    builder = RingBuilder(4, 1, 0)
    builder.add_dev({'id': 0, 'region': 1, 'zone': 1, 'ip': '127.0.0.1', 'port': port, 'device': 'd1', 'weight': 1.0,
                     'replication_ip': '127.0.0.1', 'replication_port': port, 'meta': ''})
    builder.rebalance(seed='lethe')
    builder.get_ring().save(os.path.join(HOME, name + '.ring.gz'))


def serve(name, sock):
    path = write_ini(name + '.conf', server_conf(name, sock.getsockname()[1]))
    app = wsgi.loadapp(path, global_conf={'log_name': name})
    # Header names keep their case: SDKs want "ETag", not "Etag".
    eventlet.spawn(eventlet.wsgi.server, sock, app, wsgi.NullLogger(), protocol=wsgi.SwiftHttpProtocol,
                   capitalize_response_headers=False, socket_timeout=60)


sockets = {name: eventlet.listen(('127.0.0.1', 0), backlog=256) for name in STORAGE + ('proxy',)}
for storage in STORAGE:
    build_ring(storage, sockets[storage].getsockname()[1])
for name, sock in sockets.items():
    serve(name, sock)
print(json.dumps({'port': sockets['proxy'].getsockname()[1]}), flush=True)

eventlet.tpool.execute(sys.stdin.buffer.read)
os._exit(0)
