"""A time-stamping authority made by openssl (RFC 3161), for tests."""
import subprocess

from kept_ledgers import TMP, get, put


def openssl(*args, data=b''):
    p = subprocess.run(['openssl', *args], input=data, capture_output=True, cwd=TMP)
    if p.returncode != 0:
        raise RuntimeError('openssl %s: %s' % (' '.join(args), p.stderr.decode()))
    return p.stdout


def authority(name, days='30', purpose='timeStamping'):
    """A root NAME-ca.pem and a stamping key under it."""
    openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', name + '-ca.key',
            '-out', name + '-ca.pem', '-subj', '/CN=root of ' + name, '-days', '3650')
    openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', name + '.key', '-out',
            name + '.csr', '-subj', '/CN=' + name)
    put('ext', 'extendedKeyUsage=critical,%s\n' % purpose)
    openssl('x509', '-req', '-in', name + '.csr', '-CA', name + '-ca.pem', '-CAkey', name + '-ca.key', '-CAcreateserial',
            '-extfile', 'ext', '-days', days, '-out', name + '.pem')
    put(name + '.cnf', '[t]\nserial=%s.serial\nsigner_cert=%s.pem\nsigner_key=%s.key\ncerts=%s-ca.pem\nsigner_digest='
        'sha256\ndefault_policy=1.2.3.4\ndigests=sha256\n' % ((name,) * 4))


def stamp(query, by='tsa'):
    put('q.tsq', query)
    openssl('ts', '-reply', '-config', by + '.cnf', '-section', 't', '-queryfile', 'q.tsq', '-out', 'r.tsr')
    return get('r.tsr')
