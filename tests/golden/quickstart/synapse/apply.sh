#!/usr/bin/env bash
# Sends the payloads beside this script to a gateway. Written by litellm-migrate.
#
#   GATEWAY_URL=https://gateway.example SYNAPSE_API_KEY=... ./apply.sh [--dry-run]
#
# With --dry-run it reads the gateway and prints what it would send. Nothing is sent, and no file is written.
#
# It needs bash, curl, jq (1.6 or newer) and the environment variables that migration_report.md lists under Secrets; it
# names those that are missing. What is there already is updated, or left alone when it is the same: it is safe to run
# twice, and nothing is ever deleted. Keys come from the environment and stay off the terminal and off every command
# line. It stops at the first error and names the entry it was about. UPDATE_ALL=1 also updates what looks the same (use
# it when a provider's key has changed), ADOPT=1 what somebody else made. INSECURE_HTTP=1 allows http:// to another
# machine. What it does is noted in journal.jsonl, by which rollback.sh takes it back.
set -euo pipefail
set +x +C # a trace would show keys; files of its own are written again
umask 077

if ! command -v curl >/dev/null || ! jq --null-input 'IN(1; 1)' >/dev/null 2>&1; then
  printf 'apply.sh: needs curl, and jq 1.6 or newer. Install them and run this again.\n' >&2
  exit 2
fi
environment=$(jq --null-input --compact-output 'env') # as it was given, whatever names this script uses below
here=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
journal=$here/journal.jsonl

# ---- Arguments.
dry_run='' verdict='done'
if (($# == 1)) && [[ $1 == -h || $1 == --help ]]; then
  sed -n '1d; /^#/!q; s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" # the text above
  exit 0
elif (($# == 1)) && [[ $1 == --dry-run ]]; then
  dry_run='would be ' verdict='dry run, nothing was sent'
elif (($# > 0)); then
  printf 'apply.sh: expected no argument, --dry-run or --help, found: %s\nNothing was sent.\n' "$*" >&2
  exit 2
fi

# ---- What must be in the environment, and why.
needed='' reasons=''
need() {
  needed+="$1 "
  reasons+="$1: $2"$'\n'
}
need GATEWAY_URL "the address of the gateway, such as https://gateway.example"
need SYNAPSE_API_KEY "a key of the gateway that may change its configuration"
need SYNAPSE_TENANT "the tenant whose settings are written"
need ANTHROPIC_API_KEY "quickstart.yaml:27"
need AWS_ACCESS_KEY_ID "quickstart.yaml:39"
need AWS_SECRET_ACCESS_KEY "quickstart.yaml:40"
need AZURE_API_KEY "quickstart.yaml:17"
need GROQ_API_KEY "quickstart.yaml:46"
need MISTRAL_API_KEY "quickstart.yaml:69"
need OPENAI_API_KEY "quickstart.yaml:8, quickstart.yaml:54"
need VLLM_API_KEY "quickstart.yaml:63"
missing=$(jq --raw-output --rawfile reasons <(printf '%s' "$reasons") \
  '. as $env | $reasons | split("\n")[] | select(. != "" and ($env[split(":")[0]] // "") == "") | "  \(.)"' <<<"$environment")
if [[ -n $missing ]]; then
  printf 'apply.sh: nothing was sent. Set these environment variables first:\n%s\n' "$missing" >&2
  exit 2
fi

# ---- Questions about JSON, answered by jq. Names in payloads are data here: nothing of them is ever run.
IFS= read -r -d '' questions <<'JQ' || :
def protocol: {
  "exchange": "/api/v1/auth/token", "send": "api_key", "receive": "access_token",
  "message": "error.message", "wait": "error.retry_after_secs",
  "page": "page", "size": "pageSize", "last": "totalPages"};
def given: $ARGS.named;
def step: given.step[0];
def begun: [$ARGS.positional[] | split("=") | {(.[0]): .[1:] | join("=")}] | add;
def words: (. // "") | splits(" +") | select(. != "");
def field($path): try getpath($path | split(".")) catch null;
def answer: given.answer | try fromjson catch null;
def document: given.answer | if test("\\A\\s*\\z") then null else fromjson end | # null if there is none
  if . == null or type == "object" then . else error("no object") end;
def at($path; f): # changes the field at a path, if it is there, in every item of the lists on the way
  if $path == [] then f
  elif type == "array" then map(at($path; f))
  elif type == "object" and has($path[0]) then .[$path[0]] |= at($path[1:]; f)
  else . end;

# Requests.
def target: .path | split("{tenant}") | join(given.env[0].SYNAPSE_TENANT // "" | @uri)
  | split("{id}") | join(given.id | @uri); # of the object that has the path
def page: "\(step.list)?\(step.page // protocol.page)=\(given.page)&\(step.size // protocol.size)=100";
def delay: # what the gateway asks for (five minutes at most), else twice as long each time
  [ (answer | field(protocol.wait) | numbers),
    (given.headers | splits("\r?\n") | capture("\\Aretry-after: *(?<value>.*?) *\\z"; "i").value
      | tonumber? // (try (strptime("%a, %d %b %Y %H:%M:%S GMT") | mktime - now) catch empty)),
    ([(given.base | tonumber? // 1) * pow(2; given.try | tonumber - 1), 60] | min)
  ] | [[first, 0] | max, 300] | min;
def visible: gsub("[[:cntrl:]]|\\p{Cf}|\\p{Zl}|\\p{Zp}"; " "); # without signs that nobody sees
def reason: # the gateway's own words, without control characters and without keys that it repeats
  ([answer | field(protocol.message) | strings] | first // "no message") as $text
  | ([given.needed | words | select(test("^(GATEWAY_URL|SYNAPSE_TENANT)$") | not) | given.env[0][.] // ""]
    + [given.token | try fromjson catch null | field(protocol.receive) | strings]) as $keys
  | ([$keys[] | ., @uri, (tojson[1:-1] | ., tojson[1:-1]), (splits("\r?\n") | select(length > 11)) | select(length > 3)]
    | sort_by(- length)) as $forms # also as the gateway may write them
  | reduce $forms[] as $form ($text; split($form) | join("***"))
  | "HTTP \(given.status): \(visible | .[:500])";

# Bodies. The listed fields become the variable's value where they are ${NAME} as a whole, and the id that an entry has
# on this gateway where they are ${ref:endpoint/name}.
def variable: [strings | capture("\\A\\$\\{(?<name>[A-Za-z_][A-Za-z0-9_]*)\\}\\z").name] | first;
def at_variables(f):
  reduce (step.variables | words | split(".")) as $path (.; at($path; if variable then f else . end));
def filled: at_variables(variable as $name | given.env[0][$name] // error("\($name) is not set"));
def linked: reduce (step.references | words | split("=")) as [$path, $endpoint] (.; "${ref:\($endpoint)/" as $mark
  | at($path | split("."); if type == "string" and startswith($mark) then .[($mark | length):-1] as $name
      | given.ids[0][$endpoint][$name] // error("it refers to \($endpoint) \($name | tojson), which is not there")
    else . end));

# Is everything in `.` the same there? More may be there. Keys cannot be read back: listed fields that the environment
# fills, or that the gateway does not show, are not compared.
def hidden($there): reduce (step.variables | words | split(".")) as $path (at_variables("\u0000");
    if $there | getpath($path)? == null then at($path; "\u0000") else . end)
  | reduce (step.hidden | words | split(".")) as $path (.; at($path; "\u0000"));
def void: . == null or . == "" or . == [] or . == {};
def texts: type == "array" and all(.[]; type == "string");
def within($there): . as $ours
  | if void then $there | void
    elif texts and ($there | texts) then sort == ($there | sort)
    elif type == "object" then
      ($there | type) == "object" and all(keys_unsorted[]; . as $key | $ours[$key] | within($there[$key]))
    elif type == "array" then
      ($there | type) == "array" and length == ($there | length)
      and all(range(length); . as $index | $ours[$index] | within($there[$index]))
    else . == "\u0000" or . == $there end;
def action($there):
  if given.all == "" and (hidden($there) | within($there)) then "unchanged" else "updated" end;
def journalled: # ids of what was created from here and not deleted since, and what may have been, by endpoint and name
  reduce (inputs | fromjson? | objects | select(.gateway == given.gateway and (.n | type) == "number")) as $one ({};
    [$one.endpoint, $one.name | tostring] as [$endpoint, $name] | ($one.status // 0) as $status
    | if $one.event == "before" then
        if $one.action == "create" then .pending[$endpoint][$name] = true else . end
      elif $one.event == "after" and ($one.action == "create" or $one.action == "delete") then
        (if $status > 0 and $status < 500 then del(.pending[$endpoint][$name]) else . end)
        | if $status < 200 or $status >= 300 then .
          elif $one.action == "delete" then del(.ids[$endpoint][$name])
          elif $one.id then .ids[$endpoint][$name] = ($one.id | tostring) else . end
      else . end);
def made($word): given.made[0][$word][step.endpoint]? // {};
def unconfirmed: (given.name | fromjson) as $key | made("pending")[$key] == true;
def shaped($there): # is the document that is there one that ours can be held against?
  step.merge as $list | all(to_entries[]; $there[.key] as $other | .value | type
    | (. != "object" and . != "array") or $other == null or . == ($other | type))
  and ($list == null or all($there[$list][]?; type == "object"));
def marked: . as $entry | step.owned == null or ([field(step.owned) | arrays[]] | any(. == step.mark));
def merged($there): # our document, and after it what others own in the one that is there
  . as $ours | [step.by | words] as $by
  | (if step.merge == null then . else
      [.[step.merge][]? | objects | to_entries[] | select(.key | IN($by[]))] as $taken
      | [$there[step.merge][]? | select([objects | to_entries[] | select((.key | IN($by[])) and (.value | type) == "string")]
          | any(IN($taken[])) | not)] as $others
      | if $others == [] then . else .[step.merge] += $others end end)
  | reduce (step.keep | words) as $name (.; if ($ours | has($name)) or ($there[$name] | length) == 0 then .
      else .[$name] = $there[$name] end);
# Levels: the smallest that holds what the items of a list ask for in sum.
def number: if type == "number" then . else null end;
def limits: step.limits | words | split(":") | {name: .[0], places: .[1] | split(",")};
def sums: [field(step.over) | arrays[] | objects] as $items
  | [limits.name as $name | [$items[][$name] | numbers] | select(length > 0) | {($name): add}] | add // {};
def smallest($levels): . as $asked
  | [$levels[] | select(.limits as $have | all($asked | to_entries[]; ($have[.key] // 0) >= .value))]
  | sort_by([.limits[]]) | first.name;
def by_table: # is the level the one that the conversion chose?
  (step.offline | fromjson | [to_entries[] | {name: .key, limits: .value}]) as $known | sums as $asked
  | $asked != {} and .[step.level] == (($asked | smallest($known)) // $known[-1].name);
def fitted:
  . as $ours | [answer | field(step.held) | if type == "array" then .[] else empty end
    | {name: field(step.called), limits: (. as $level | [limits as $one
        | {($one.name): [$one.places[] as $place | $level | field($place) | numbers] | first}] | add)}
    | select((.name | type) == "string" and all(.limits[]; . != null))] as $levels
  | ($ours | sums | smallest($levels)) as $name
  | if $name then .[step.level] = $name else . end;
def identity: . as $entry | [step.identity | words as $path | $entry | field($path)];
def shown: answer | field(step.container)
  | if type == "array" and all(.[]; type == "object") then .[] else error("no list of objects") end;
def last: [answer | field(step.last // protocol.last) | numbers | floor] | first // 1 | [., 10001] | min;
def repeated: given.there != [] and ([shown] | first) == given.there[0];
def there($name): # the entity that is meant: the one created from here, else one with our mark
  made("ids")[$name | map(tostring) | join("/")] as $mine
  | [given.there[] | select(identity == $name)] | sort_by([(.id | tostring) != $mine, (marked | not)]) | first;
def own($name): ($name | map(tostring) | join("/")) as $key
  | (given.env[0].ADOPT // "") != "" or marked or made("pending")[$key] or made("ids")[$key] == (.id | tostring);
def conflicts: # the name of an entry that is there, and somebody else's
  [input[] | identity as $name | there($name) | select(. != null and (own($name) | not)) | $name | map(tojson) | join(" ") | visible]
  | first // empty;
def plan: # of an entry: its name (for people, for references), what to do, the id that it has, the body
  input[given.index | tonumber] | identity as $name
  | ($name | map(tojson) | join(" ") | visible), ($name | map(tostring) | join("/") | tojson),
    (linked | there($name) as $there
    | if $there then if $there | own($name) then action($there) else "conflict" end,
        (($there.id | strings, numbers | tostring | gsub("[[:cntrl:]]"; "")) // error("it has no id there")) else "created", "" end, .);
def ident: if given.id != "" then given.id
  else [answer | .id?, (.[]? | objects | .id) | strings, numbers | tostring] | first end;
def wired: . as $ids
  | (ident // error("it has no id there")) as $id
  | $ids | .[step.endpoint][given.name | fromjson] = $id;
def secret: [step.once | words as $path | answer | field($path) | strings] | first;
def keeping: # the file of secrets with this one; an older one of that name may open another gateway, and stays
  (given.name | fromjson) as $name | .[$name] as $old
  | (if $old != null and $old != secret then .["\($name) (until \(now | todate))"] = $old else . end) | .[$name] = secret;

# The journal.
def masked: reduce (step.variables | words | split(".")) as $path (.; at($path; if variable then . else "***" end));
def noted:
  { n: (given.n | tonumber), when: (now | todate), event: given.event, gateway: given.gateway, endpoint: step.endpoint,
    name: (given.name | if . == "" then . else fromjson end), action: given.action }
  + (if given.event == "before" then
      { method: (given.path | split(" ")[0]), path: (given.path | split(" ")[1] as $path | given + {path: $path} | target),
        id: (given.id | if . == "" then null else . end), body: (given.body | if . == "" then null else fromjson | masked end) }
      + (if given.backup != "" then {backup: given.backup} else {} end)
    else {id: ident, status: (given.status | tonumber? // 0)} end);
JQ
ask() { # QUESTION [OPTIONS]: with everything that is known
  local question="$questions $1"
  shift
  jq --null-input --raw-output --compact-output --slurpfile env <(printf '%s' "$environment") \
    --slurpfile step "$work/step" --slurpfile made "$work/made" --slurpfile ids "$work/ids" --slurpfile there "$work/there" \
    --rawfile answer "$work/answer" --rawfile token "$work/token" --rawfile headers "$work/headers" --arg id "$id" --arg name "$name" \
    --arg status "$status" --arg needed "$needed" --arg all "${UPDATE_ALL:-}" --arg base "${RETRY_BASE_SECONDS:-1}" \
    "$question" ${1+"$@"}
}

# ---- Requests.
work=$(mktemp -d) # mode 0700
trap ended EXIT
for empty in answer headers there token body; do : >"$work/$empty"; done
for object in ids step made; do printf '{}' >"$work/$object"; done
token=$SYNAPSE_API_KEY url=${GATEWAY_URL%/} proxies='' exchanged='' status='' what='' id='' name=''
odd='what is there is not as expected'

warn() { printf 'apply.sh: %s\n' "$*" >&2; }
stop() { # [REASON]
  local why=${1:-}
  if [[ -z $why && $status == 000 ]]; then why="no answer: $(head -n 1 "$work/complaint")"; fi
  warn "$what: ${why:-$(ask reason)}. Nothing after it was sent: put it right and run this again."
  exit 1
}
ended() { # whatever was not foreseen says what it was about, too
  local code=$?
  rm -rf -- "$work"
  if ((code > 2 && code < 128)); then stop "$odd"; fi
}
plain() { # VALUE: can it stand in a URL or in a header as it is?
  local LC_ALL=C
  case $1 in '' | *[!!-~]* | *[\"\\]*) return 1 ;; esac
}
settings() { # METHOD PATH: for curl, which reads it from a pipe, so that no key is on its command line
  printf 'request = "%s"\nurl = "%s%s"\n%s\nheader = "Accept: application/json"\n' "$1" "$url" "$2" "$proxies"
  [[ -z $token ]] || printf 'header = "Authorization: Bearer %s"\n' "$token"
  [[ $1 == GET ]] || printf 'header = "Content-Type: application/json"\nheader = "Expect:"\ndata-binary = "@-"\n'
}
send() { # METHOD PATH FILE, the body on standard input: prints the status, the answer goes to FILE
  : >"$work/$3"
  curl --disable --silent --show-error --globoff --connect-timeout 10 --max-time 120 --config <(settings "$1" "$2") \
    --output "$work/$3" --dump-header "$work/headers" --write-out '%{http_code}' 2>"$work/complaint"
}
exchange() { # the key for a token of the gateway's own: once, at the first 401
  local key=$token answered
  [[ -z $exchanged ]] || return 1
  exchanged=yes token=''
  answered=$(ask '{(protocol.send): given.env[0].SYNAPSE_API_KEY}' | send POST "$(ask protocol.exchange)" token) || :
  token=$(ask 'input | field(protocol.receive) | strings' "$work/token" 2>/dev/null) || :
  if [[ $answered != 2* ]] || ! plain "$token"; then token=$key && return 1; fi
}
request() { # METHOD-AND-PATH [BODY]: sends it up to six times, until the answer counts; sets `status`
  local try code target=${1#* } method=${1%% *}
  if [[ $target == *"{"* ]]; then target=$(ask 'given | target' --arg path "$target"); fi
  for try in 1 2 3 4 5 6; do
    code=0 && status=$(printf '%s' "${2-}" | send "$method" "$target" answer) || code=$?
    if [[ $code:$status == 0:401 ]] && exchange; then
      code=0 && status=$(printf '%s' "${2-}" | send "$method" "$target" answer) || code=$?
    fi
    case $code:$status in
      0:429 | 0:502 | 0:503 | 0:504) ;;
      0:*) return 0 ;;
      5:* | 6:* | 7:* | 16:* | 18:* | 28:* | 35:* | 52:* | 55:* | 56:* | 92:*) status=000 ;; # the connection
      *) status=000 && stop ;;
    esac
    if ((try == 6)); then return 0; fi
    sleep "$(ask delay --arg try "$try")"
    if [[ $method == POST && $status != 429 && -n ${index-} ]] && arrived; then return 0; fi
  done
}
expect() { # the same, and the end of it all unless it succeeds
  request "$@"
  [[ $status == 2* ]] || stop
}

# ---- What is there. The words of a step become variables, which these functions share.
look() { # all pages of what is there, one entry a line, in $work/there
  local page=1 last=1 shown
  : >"$work/there"
  while [[ -n $list ]] && ((page <= last)); do
    expect "GET $(ask page --arg page "$page")"
    shown=$(ask 'last, shown' 2>/dev/null) || stop "$odd"
    last=${shown%%$'\n'*} shown=${shown#"$last"} shown=${shown#$'\n'}
    if ((last > 10000)) || { ((page > 1)) && [[ $(ask repeated) == true ]]; }; then stop "the list of what is there does not end"; fi
    page=$((page + 1))
    if [[ -z $shown ]]; then break; fi
    printf '%s\n' "$shown" >>"$work/there"
  done
}
get_document() { # into $work/answer; `status` says whether it is there
  status=404
  if [[ -n $read ]]; then request "GET $read"; fi
  case $status in
    2*) case $(ask 'document | type' 2>/dev/null) in null) status=404 ;; object) ;; *) stop "$odd" ;; esac ;;
    404 | 405) status=404 ;;
    *) stop ;;
  esac
}
begin() { # the words of a step, for jq too
  what=$endpoint
  ask begun --args "$@" >"$work/words"
  mv -- "$work/words" "$work/step"
}

# ---- What is done: each call that changes something is noted in the journal before and after, without keys.
number=0 backup=''
note() { # EVENT ACTION METHOD-AND-PATH BODY
  local line
  printf '%s' "$4" >"$work/body" # a body may be too long for a command line, and hold secrets
  line=$(ask noted --arg event "$1" --arg action "$2" --arg path "$3" --rawfile body "$work/body" --arg backup "$backup" \
    --arg n "$number" --arg gateway "$url") || stop 'the journal cannot be kept'
  printf '%s\n' "$line" >>"$journal" || stop 'the journal cannot be kept'
}
keep_out_of_git() {
  [[ -e $here/.gitignore ]] || printf '%s\n' '*_secrets.json' backup/ journal.jsonl snapshot.json handout/ >"$here/.gitignore"
}
make() { # ACTION METHOD-AND-PATH BODY-AS-NOTED BODY-AS-SENT
  [[ -z $dry_run ]] || return 0
  keep_out_of_git
  number=$((number + 1))
  note before "$1" "$2" "$3"
  request "$2" "$4"
  if [[ $1:$status == create:2* && -n ${once-} ]]; then keep; fi # before anything says that it was done
  note after "$1" "$2" ''
  backup=''
  [[ $status == 2* || $1:$status == delete:404 ]] || stop
}

what=$here
exec 9<"$here"
alone() { # two runs in one folder would do everything twice; the command locks the same folder
  if command -v flock >/dev/null; then
    flock -n ${dry_run:+-s} 9
  elif command -v perl >/dev/null; then # macOS
    perl -MFcntl=:flock -e 'open my $f, "<&=", 9; exit !flock $f, LOCK_NB | ($ARGV[0] ? LOCK_SH : LOCK_EX)' "$dry_run"
  fi
}
alone || stop 'another run is at work in this folder'
if [[ -e $here/.litellm-migrate.new ]]; then stop 'the files of two conversions are here: the last one was killed. Convert again'; fi
what=journal.jsonl
if [[ -s $journal ]]; then
  if [[ -z $dry_run && -n $(tail -c 1 "$journal") ]]; then printf '\n' >>"$journal"; fi # a crash cut the last line off
  number=$(jq --raw-input --null-input '[inputs | fromjson? | objects | .n | numbers] | max // 0' "$journal")
fi
what=GATEWAY_URL
plain "$url" || stop 'it holds blanks, quotes, backslashes or the like'
case $url in
  *[@?#]*) stop 'it holds a login or a query' ;;
  https://*) ;;
  http://localhost | http://localhost[:/]* | http://127.0.0.1 | http://127.0.0.1[:/]* | http://\[::1\]*) proxies='noproxy = "*"' ;;
  http://*) [[ -n ${INSECURE_HTTP-} ]] || stop 'it is not https, and keys would travel unencrypted. Use https, or set INSECURE_HTTP=1' ;;
  *) stop 'it must begin with https:// (or http://)' ;;
esac
what=SYNAPSE_API_KEY
plain "$token" || stop 'it holds blanks, quotes, backslashes or the like'
# ---- Steps.
started=$(date -u +%Y%m%dT%H%M%SZ)-$$
created=0 updated=0 unchanged=0
plan() { # what is to be done about entry $index, in these variables
  label='' name='' action='' id='' body=''
  ask plan --arg index "$index" "$here/payloads/$file" >"$work/plan" 2>"$work/complaint" || :
  { read -r label && read -r name && read -r action && read -r id && read -r body; } <"$work/plan" || :
  what="$endpoint $label"
  if [[ -z $body ]]; then stop "$(tail -n 1 "$work/complaint")"; fi
}
arrived() { # what was to be created may be there although no answer came: look before it is sent again
  look && plan && [[ -n $id ]] && status=200
}
wire() { # what refers to this entry needs the id that it has here
  ask 'input | wired' "$work/ids" >"$work/wired" 2>/dev/null && mv -- "$work/wired" "$work/ids"
}
back_up() { # what is there now, from standard input
  [[ -z $dry_run ]] || return 0
  backup=backup/${file%.json}.$started-$((number + 1)).json
  mkdir -p -- "$here/backup" && cat >"$here/$backup"
}
send_filled() { # ACTION METHOD-AND-PATH: the body with the values of the environment
  local filled
  filled=$(ask 'input | filled' <<<"$body" 2>&1) || stop "$filled"
  make "$1" "$2" "$body" "$filled"
}
did() { # ACTION: counts and prints it
  local word=$dry_run$1
  case $1 in
    created) created=$((created + 1)) ;;
    updated) updated=$((updated + 1)) ;;
    *) word=$1 unchanged=$((unchanged + 1)) ;;
  esac
  printf '%-9s  %s\n' "$word" "$what"
}
keep() { # what the gateway shows only once goes to a file of its own, which nobody else can read
  local kept="$here/$secrets"
  if [[ -n $id || $(ask 'secret | type') != string ]]; then
    warn "warning: $what was created, but its secret did not arrive. Make a new one on the gateway."
    return
  fi
  [[ -s $kept ]] || kept=/dev/null
  { ask '[inputs] | first // {} | keeping' "$kept" | jq . >"$work/secrets" && mv -- "$work/secrets" "$here/$secrets"; } ||
    stop "it was created, but its secret cannot be written to $secrets. Make a new one on the gateway"
  printf '%-9s  the secret of %s is in %s\n' '' "$what" "$secrets"
}
check() { # nothing is sent while there is an entity of somebody else's in the way
  local endpoint='' file='' list='' owned='' id='' name='' others
  if [[ $1 != entries ]]; then return 0; fi
  local "${@:2}"
  if [[ -z $owned ]]; then return 0; fi
  begin "${@:2}"
  look
  others=$(ask 'conflicts' "$here/payloads/$file")
  if [[ -n $others ]]; then
    what="$endpoint $others"
    stop 'somebody else made the one that is there: rename or remove it, or take it over (ADOPT=1)'
  fi
}
carry() { # STEP WORDS
  "$@"
}
entries() { # each entry of the file is there afterwards, once
  local endpoint='' file='' create='' list='' update='' once='' secrets='' index=''
  local count label action id name body now
  local "$@" id='' name=''
  begin "$@"
  count=$(ask 'input | length' "$here/payloads/$file")
  if ((count == 0)); then return 0; fi
  if [[ -n $once && -s $here/$secrets ]] && ! ask 'input | has("")' "$here/$secrets" >/dev/null 2>&1; then
    stop "$secrets is no object, so that no secret could be added to it"
  fi
  look
  for ((index = 0; index < count; index++)); do
    plan
    now=$action
    if [[ $now == updated && -z $update ]]; then
      warn "warning: $what is different there, and the gateway has no call that changes it."
      now=unchanged
    fi
    case $now in
      created) send_filled create "$create" ;;
      updated)
        ask '[given.there[] | select((.id | tostring) == given.id)] | first' >"$work/old"
        back_up <"$work/old"
        send_filled update "$update"
        ;;
      conflict) stop 'somebody else made the one that is there: rename or remove it, or take it over (ADOPT=1)' ;;
    esac
    did "$now"
    if [[ -n $dry_run && $now == created ]]; then id=new; fi
    if [[ $now != created && -n $once && $(ask unconfirmed) == true ]]; then
      warn "warning: $what was created by a run that did not end well, and its secret may be lost. Make a new one on the gateway."
    fi
    wire || { arrived && wire; } || stop 'the gateway does not say which id it has'
  done
}
choose() { # the smallest of the gateway's own levels that holds the sum, unless somebody chose another by hand
  local chosen
  if [[ $(ask 'input | by_table' <<<"$body") != true ]]; then return 0; fi
  request "GET $levels"
  if [[ $status == 000 ]]; then stop; fi
  if [[ $status != 2* ]]; then return 0; fi
  chosen=$(ask 'input | fitted' <<<"$body")
  if [[ $chosen != "$body" ]]; then
    body=$chosen
    printf '%-9s  %s\n' '' "$(ask 'input[step.level] | "\(.) is the smallest of the gateway\u0027s own levels that holds the sum"' <<<"$body")"
  fi
}
document() { # the one document is as the file says; what was there before is kept in backup/
  local endpoint='' file='' write='' read='' levels='' body now=created id='' name=''
  local "$@"
  begin "$@"
  body=$(ask 'input | linked' "$here/payloads/$file" 2>&1) || stop "$body"
  if [[ $(ask 'input | step.merge != null and (.[step.merge] | length) == 0' <<<"$body") == true ]]; then
    did unchanged # nothing in it is ours, so that what is there stays
    return
  fi
  if [[ -n $levels ]]; then choose; fi
  get_document
  if [[ $status == 2* ]]; then
    if [[ $(ask 'input | shaped(document)' <<<"$body" 2>/dev/null) != true ]]; then stop "$odd"; fi
    body=$(ask 'input | merged(document)' <<<"$body")
    now=$(ask 'input | action(document)' <<<"$body")
  fi
  case $now in
    created) send_filled create "$write" ;;
    updated)
      back_up <"$work/answer"
      send_filled update "$write"
      ;;
  esac
  did "$now"
}

# ---- What to send, in this order.
steps() { # WORD
  "$1" entries \
    endpoint=integrations file=integrations.json identity=name \
    create='POST /api/v1/model-catalog/integrations' \
    list=/api/v1/model-catalog/integrations container=integrations \
    update='PUT /api/v1/model-catalog/integrations/{id}' \
    variables='apiKey endpointUrl config.apiVersion config.region config.location config.project config.organization config.roleArn config.roleSessionName config.profile config.accessKeyId config.secretAccessKey config.sessionToken config.credentials config.tenantId config.clientId config.clientSecret config.adToken' hidden=apiKey
  "$1" entries \
    endpoint=providers file=providers.json identity=slug \
    create='POST /api/v1/model-catalog/providers' \
    list=/api/v1/model-catalog/providers container=providers \
    update='PUT /api/v1/model-catalog/providers/{id}' \
    owned=tags mark=managed-by:litellm-migrate \
    references=integrationId=integrations
  "$1" entries \
    endpoint=models file=models.json identity='providerType modelId' \
    create='POST /api/v1/model-catalog/models' \
    list=/api/v1/model-catalog/models container=models \
    update='PUT /api/v1/model-catalog/models/{id}'
  "$1" entries \
    endpoint=virtual_keys file=virtual_keys.json identity=name \
    create='POST /api/v1/virtual-keys' \
    list=/api/v1/virtual-keys container=keys \
    update='PUT /api/v1/virtual-keys/{id}' \
    once='secret key' secrets=virtual_key_secrets.json \
    references=teamId=teams
  "$1" document \
    endpoint=routing_config file=routing_config.json \
    write='PUT /api/v1/routing/config' read=/api/v1/routing/config \
    merge=rules by='experimentId modelPattern' keep='cascadeConfig sloConfig'
  "$1" document \
    endpoint=rate_limits file=rate_limits.json \
    write='PUT /api/v1/rate-limits/{tenant}' read='/api/v1/rate-limits/{tenant}' \
    levels=/api/v1/rate-limits/tiers held=tiers called=name level=tier over=models limits='rpm:limits.rpm,limits.requestsPerMinute,requestsPerMinute tpm:limits.tpm,limits.tokensPerMinute,tokensPerMinute' offline='{"starter":{"rpm":100,"tpm":100000},"pro":{"rpm":1000,"tpm":1000000},"enterprise":{"rpm":3000,"tpm":2000000}}'
  "$1" document \
    endpoint=thresholds file=thresholds.json \
    write='PUT /api/v1/thresholds/tenants/{tenant}' read='/api/v1/thresholds/tenants/{tenant}'
}
if [[ -s $journal ]]; then
  ask journalled --raw-input --arg gateway "$url" "$journal" >"$work/known" || stop 'the journal is not as expected'
  mv -- "$work/known" "$work/made"
fi
steps check
steps carry
printf '%s: %d created, %d updated, %d unchanged.\n' "$verdict" "$created" "$updated" "$unchanged"
