package dev.understudy.plugins.workloads;

import java.util.Set;

/** Programs known by name, as Linux shows it: cut after 15 characters. */
final class Programs {
    private static final Set<String> DATABASES = Set.of(
            "postgres",
            "postmaster",
            "mysqld",
            "mariadbd",
            "mongod",
            "mongos",
            "redis-server",
            "valkey-server",
            "keydb-server",
            "memcached",
            "sqlservr",
            "oracle",
            "cockroach",
            "clickhouse-serv",
            "clickhouse",
            "influxd",
            "scylla",
            "tarantool",
            "dragonfly",
            "etcd",
            "firebird",
            "monetdbd",
            "mserver5");

    private static final Set<String> WEB_SERVERS = Set.of(
            "nginx",
            "angie",
            "apache2",
            "httpd",
            "lighttpd",
            "caddy",
            "haproxy",
            "envoy",
            "traefik",
            "varnishd",
            "cache-main",
            "h2o",
            "squid",
            "gunicorn",
            "uvicorn",
            "hypercorn",
            "uwsgi",
            "puma",
            "unicorn",
            "openresty",
            "thttpd",
            "w3wp");

    /** They run any program, so what they do decides. */
    private static final Set<String> RUNTIMES =
            Set.of("node", "java", "ruby", "beam.smp", "php", "dotnet", "deno", "bun", "perl");

    /** They ask servers: where one runs beside its server, what the server does is the machine's work. */
    private static final Set<String> CLIENTS = Set.of(
            "psql",
            "pgbench",
            "mysql",
            "mysqlslap",
            "sysbench",
            "redis-benchmark",
            "redis-cli",
            "memtier_benchma",
            "mongosh",
            "ab",
            "wrk",
            "wrk2",
            "hey",
            "k6",
            "vegeta",
            "h2load",
            "siege",
            "curl",
            "wget",
            "jmeter");

    private Programs() {}

    static boolean isDatabase(String name) {
        return DATABASES.contains(name) || name.startsWith("ora_");
    }

    static boolean isWebServer(String name) {
        return WEB_SERVERS.contains(name) || name.startsWith("php-fpm");
    }

    static boolean isRuntime(String name) {
        return RUNTIMES.contains(name) || name.startsWith("python");
    }

    static boolean isClient(String name) {
        return CLIENTS.contains(name);
    }

    /** The kernel's own, which work for others. */
    static boolean isKernel(String name) {
        return name.startsWith("kworker")
                || name.startsWith("ksoftirqd")
                || name.startsWith("kswapd")
                || name.startsWith("kcompactd")
                || name.startsWith("jbd2")
                || name.startsWith("xfsaild")
                || name.startsWith("btrfs-")
                || name.startsWith("rcu_");
    }
}
