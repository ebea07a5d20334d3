#!/bin/bash
# run.sh ROOT [VERSION] [PORT] [PGPORT]: a real LiteLLM with PostgreSQL in the folder ROOT, and the test of it from end to end.
# Needs Node 18, PostgreSQL 15, Python 3.11, and pip and npm with their registries. LiteLLM itself calls nobody. A second run starts what is there.
# Never name 1.107.0, 1.82.7 or 1.82.8: they are said to be compromised.
set -e
here=$(cd "$(dirname "$0")" && pwd); root=$1; version=${2:-1.106.2}; port=${3:-4000}; pgport=${4:-55433}
case "$version" in 1.107.0 | 1.82.7 | 1.82.8) echo "$version is not installed"; exit 2 ;; esac
server=/usr/lib/postgresql/15/bin; site=$root/venv/lib/python3.11/site-packages
export LIVE_NODE_MODULES=$root/node/node_modules CHECKPOINT_DISABLE=1 DISABLE_SCHEMA_UPDATE=true LITELLM_LOCAL_MODEL_COST_MAP=True
export PRISMA_QUERY_ENGINE_BINARY=$here/query-engine PRISMA_QUERY_ENGINE_LIBRARY=$here/query-engine PRISMA_SCHEMA_ENGINE_BINARY=$here/query-engine
export DATABASE_URL=postgresql://litellm@127.0.0.1:$pgport/litellm
export LITELLM_MASTER_KEY=sk-master-1234 LITELLM_SALT_KEY=sk-salt-1234 STORE_MODEL_IN_DB=True
if [ ! -d "$root/pg" ]; then
  mkdir -p "$root/node" "$root/pg"
  python3.11 -m venv "$root/venv"
  "$root/venv/bin/pip" install -q "litellm[proxy]==$version" prisma==0.15.0 "psycopg[binary]"
  (cd "$root/node" && npm init -y > /dev/null && npm install --silent --ignore-scripts prisma@5.17.0 @prisma/client@5.17.0 \
    @prisma/adapter-pg@5.17.0 @prisma/driver-adapter-utils@5.17.0 pg@8 graphql@16)
  # Columns of types that the adapter does not know (name, name[]) are read as text.
  sed -i 's/throw new UnsupportedNativeDataType(fieldTypeId);/return fieldTypeId === 1003 ? import_driver_adapter_utils.ColumnTypeEnum.TextArray : import_driver_adapter_utils.ColumnTypeEnum.Text;/' \
    "$root/node/node_modules/@prisma/adapter-pg/dist/index.js"
  sed 's/binaryTargets = .*/binaryTargets = ["native"]/' "$site/litellm/proxy/schema.prisma" > "$root/schema.prisma"
  (cd "$root" && PATH=$root/venv/bin:$PATH DATABASE_URL=postgresql://x node node/node_modules/prisma/build/index.js generate --schema schema.prisma > /dev/null)
  chown postgres "$root/pg"
  su postgres -c "$server/initdb -D $root/pg/data -U litellm --auth=trust -E UTF8 --locale=C.UTF-8" > /dev/null
fi
su postgres -c "$server/pg_ctl -D $root/pg/data status" > /dev/null || su postgres -c \
  "$server/pg_ctl -D $root/pg/data -o '-p $pgport -c listen_addresses=127.0.0.1 -c unix_socket_directories=$root/pg' -l $root/pg/log -w start" > /dev/null
if createdb -h 127.0.0.1 -p "$pgport" -U litellm litellm 2> /dev/null; then
  for folder in "$site"/litellm_proxy_extras/migrations/2*/; do
    psql -v ON_ERROR_STOP=1 -q -h 127.0.0.1 -p "$pgport" -U litellm litellm -f "$folder/migration.sql" > /dev/null 2>> "$root/migrations.log"
  done
fi
if ! curl -s -m 5 "127.0.0.1:$port/health/liveliness" > /dev/null; then
  (cd "$root" && PATH=$root/venv/bin:$PATH setsid litellm --config "$here/config.yaml" --host 127.0.0.1 --port "$port" > proxy.log 2>&1 &)
  for _ in $(seq 1 120); do sleep 2; curl -s -m 2 "127.0.0.1:$port/health/liveliness" > /dev/null && break; done
fi
cd "$here/../../.."
LITELLM_LAB=http://127.0.0.1:$port LITELLM_API_KEY=$LITELLM_MASTER_KEY PYTHONPATH=engine python -m pytest -q -n 0 tests/live/test_laboratory.py
