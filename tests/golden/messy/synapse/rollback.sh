#!/usr/bin/env bash
# Takes back what apply.sh beside it (or litellm-migrate --apply) did to a gateway. Written by litellm-migrate.
#
#   GATEWAY_URL=https://gateway.example SYNAPSE_API_KEY=... ./rollback.sh [--dry-run]
#
# With --dry-run it reads the gateway and prints what it would send. Nothing is sent, and no file is written.
#
# It needs bash, curl and jq (1.6 or newer). By journal.jsonl it deletes what was created, and puts back from backup/ what
# was changed; what refers to others goes first. What somebody else changed since, or still refers to, stays and is named.
# It stops at the first error and is safe to run twice.
set -euo pipefail
set +x +C # a trace would show keys; files of its own are written again
umask 077

if ! command -v curl >/dev/null || ! jq --null-input 'IN(1; 1)' >/dev/null 2>&1; then
  printf 'rollback.sh: needs curl, and jq 1.6 or newer. Install them and run this again.\n' >&2
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
  printf 'rollback.sh: expected no argument, --dry-run or --help, found: %s\nNothing was sent.\n' "$*" >&2
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
grep -qsE '"endpoint": ?"(rate_limits|thresholds)"' "$journal" && need SYNAPSE_TENANT "the tenant whose settings are written"
missing=$(jq --raw-output --rawfile reasons <(printf '%s' "$reasons") \
  '. as $env | $reasons | split("\n")[] | select(. != "" and ($env[split(":")[0]] // "") == "") | "  \(.)"' <<<"$environment")
if [[ -n $missing ]]; then
  printf 'rollback.sh: nothing was sent. Set these environment variables first:\n%s\n' "$missing" >&2
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

warn() { printf 'rollback.sh: %s\n' "$*" >&2; }
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
# ---- Questions about the journal.
IFS= read -r -d '' history <<'JQ' || :
def past: # what is still to be taken back, newest first
  [inputs | fromjson? | objects | select(.gateway == given.gateway and (.n | type) == "number")] as $all
  | ([$all[] | select(.event == "after") | {(.n | tostring): .}] | add // {}) as $after
  | reduce ($all[] | select(.event == "before")) as $call ({};
      ($after[$call.n | tostring] // {}) as $done | ($done.status // 0) as $status
      | ($status >= 200 and $status < 300) as $sure | "\($call.endpoint) \($call.name)" as $key | .[$key] as $old
      | if $call.action == "delete" or $call.action == "restore" then
          if $sure or $status == 404 then del(.[$key])
          elif $old and $old.id == null and $call.id then .[$key].id = $call.id else . end # a later one is somebody else's
        elif ($call.action == "create" or $call.action == "update") and ($status < 400 or $status >= 500) then
          .[$key] = {
            n: $call.n, endpoint: $call.endpoint, name: $call.name,
            created: ($call.action == "create" or $old.created == true),
            id: ($done.id // $old.id // $call.id),
            wrote: (if $sure or $old == null then [$call.body] else $old.wrote + [$call.body] end),
            backup: (if $old then $old.backup else $call.backup end) }
        else . end)
  | [.[]] | sort_by(- .n);
def told: given.past[0];
def concerned: # is anything of this step, or of what it refers to, to be taken back?
  [told[].endpoint] as $all | [step.endpoint, (step.references | words | split("=")[1])] | any(IN($all[]));
def learned: # ids and entities by endpoint
  reduce given.there[] as $entity (.; .[step.endpoint][$entity.id | tostring] = $entity);
def ids_of($all): # by endpoint and name; those that were created here count most
  reduce given.there[] as $entity ($all;
    .[step.endpoint][$entity | identity | map(tostring) | join("/")] = ($entity.id | tostring))
  | reduce (told[] | select(.created and .id)) as $one (.; .[$one.endpoint][$one.name] = $one.id);
def mine: [told[] | select(.endpoint == step.endpoint)];
def compared($there): # our body, in which what cannot be compared is no longer told apart
  (try linked catch .)
  | reduce (step.hidden | words | split(".")) as $path (.; at($path; "\u0000"))
  | reduce (step.variables | words | split(".")) as $path (.; at($path; if . == "***" then "\u0000" else . end))
  | hidden($there);
def differs($there): compared($there) as $ours | [$ours | keys_unsorted[] | select(. as $key | $ours[$key] | within($there[$key]) | not)];
def altered($there): [.wrote[] | objects | differs($there)] | if length == 0 then ["everything"] else min_by(length) end;
def users($id):
  given.links[0] | to_entries[] | .key as $endpoint | .value[] | select(.to == "\(step.endpoint) \($id)") | "\($endpoint) \(.name)";
def linking($entities): # what each entity of this step refers to
  [$entities[] as $entity | step.references | words | split("=") as [$path, $endpoint]
    | {id: ($entity.id | tostring), name: ($entity | identity | map(tostring) | join("/")),
       to: "\($endpoint) \($entity | field($path))"}];
def relinked: .[step.endpoint] |= map(select(.id != given.id)) + linking([given.now[] | .id = given.id]);
def decided: # the action, the id, what is to be said, the body
  mine[given.index | tonumber] as $past
  | (if step.list == null then answer
     elif $past.id then given.world[0][step.endpoint][$past.id]
     else [given.world[0][step.endpoint][]? | select(identity | map(tostring) | join("/") == $past.name)] | first end) as $there
  | ([step.fields | words] as $names | given.old[0]
      | if type == "object" then with_entries(select(.value != null and (.key | IN($names[])))) else null end) as $old
  | {id: (if step.list then $there.id // "" | tostring else "" end), name: $past.name}
  + if $there == null then {action: "gone"}
    elif $past.created and step.delete then
      ($past | altered($there)) as $fields | [users($there.id | tostring)] as $users
      | if $fields != [] then {action: "stay", said: "somebody changed it since: \($fields | join(", "))"}
        elif $users != [] then {action: "stay", said: "\($users | first) still refers to it"}
        else {action: "delete"} end
    elif $old == null then {action: "stay", said: "there is no backup of what was there before"}
    elif step.restore == null then {action: "stay", said: "no call changes it"}
    elif $old | within($there) then {action: "gone"}
    else
      ($past | altered($there)) as $fields | ([$past.wrote[] | keys[]] - ($old | keys) | unique) as $more
      | if $fields != [] then {action: "stay", said: "somebody changed it since: \($fields | join(", "))"}
        else {action: "restore", body: $old}
          + if $more == [] or step.list == null then {} else {said: "as written by us stays what its backup does not have: \($more | join(", "))"} end
        end
    end;
JQ
questions+=$history

# ---- Steps: first all are read, then what is to go first is taken back first.
learn() { # what is there, if anything of it matters
  local endpoint='' list=''
  local "$@"
  begin "$@"
  if [[ -z $list || $(know concerned) != true ]]; then return 0; fi
  look
  know 'input | learned' "$work/world" >"$work/new" && mv -- "$work/new" "$work/world"
  know 'ids_of(input)' "$work/ids" >"$work/new" && mv -- "$work/new" "$work/ids"
  know 'input | .[step.endpoint] = linking(given.there)' "$work/links" >"$work/new" && mv -- "$work/new" "$work/links"
}
know() { # QUESTION [OPTIONS]: with the journal, and all that is there
  ask "$1" --slurpfile past "$work/past" --slurpfile world "$work/world" --slurpfile links "$work/links" \
    --slurpfile old "$work/old" --arg index "${index:-0}" "${@:2}"
}
undo() { # everything of one endpoint
  local endpoint='' delete='' restore='' read='' references='' secrets=''
  local "$@" turn count id='' name=''
  begin "$@"
  count=$(know 'mine | length')
  for ((turn = 0; turn < count; turn++)); do
    index=$turn take_back
    id='' name=''
  done
}
take_back() { # entry $index
  local action said body backed
  id='' name=''
  : >"$work/old"
  backed=$(know 'mine[given.index | tonumber].backup // ""')
  if [[ -n $backed && -s $here/$backed ]]; then cat -- "$here/$backed" >"$work/old"; fi
  get_document
  if [[ $status == 404 ]]; then : >"$work/answer"; fi
  know decided >"$work/decided" 2>/dev/null || stop 'the journal is not as expected'
  id=$(ask 'input.id' "$work/decided") name=$(ask 'input.name | tojson' "$work/decided")
  action=$(ask 'input.action' "$work/decided") body=$(ask 'input | .body // empty' "$work/decided")
  said=$(ask 'input | .said // "" | visible' "$work/decided")
  what="$endpoint $name"
  case $action in
    delete)
      make delete "$delete" '' ''
      relink ''
      drop_secret
      ;;
    restore)
      make restore "$restore" "$body" "$body"
      relink "$body"
      ;;
  esac
  count_up "$action" "$said"
}
relink() { # BODY: what entity $id refers to now; nothing, if it is gone
  if [[ -z $references ]]; then return 0; fi
  know 'input | relinked' "$work/links" --slurpfile now <(printf '%s' "$1") >"$work/new"
  mv -- "$work/new" "$work/links"
}
drop_secret() { # the secret of what is gone opens nothing any more
  if [[ -z $secrets || -n $dry_run || ! -s $here/$secrets ]]; then return 0; fi
  { ask 'input | del(.[given.name | fromjson])' "$here/$secrets" | jq . >"$work/secrets" && mv -- "$work/secrets" "$here/$secrets"; } ||
    stop "it is gone, but its secret cannot be taken out of $secrets"
}
count_up() { # ACTION SAID
  local word
  case $1 in
    delete) word='deleted' deleted=$((deleted + 1)) ;;
    restore) word='restored' restored=$((restored + 1)) ;;
    gone) word='gone' gone=$((gone + 1)) ;;
    *) word='refused' refused=$((refused + 1)) ;;
  esac
  case $1 in delete | restore) word=$dry_run$word ;; esac
  printf '%-9s  %s%s\n' "$word" "$what" "${2:+: $2}"
}

deleted=0 restored=0 gone=0 refused=0 index=''
if [[ ! -s $journal ]]; then
  what=journal.jsonl
  stop 'there is no journal: nothing was applied from here'
fi
for object in world links; do printf '{}' >"$work/$object"; done
: >"$work/old"
ask past --raw-input --arg gateway "$url" "$journal" >"$work/past"
steps() { # WORD
  "$1" \
    endpoint=thresholds file=thresholds.json \
    read='/api/v1/thresholds/tenants/{tenant}' \
    restore='PUT /api/v1/thresholds/tenants/{tenant}' \
    fields='cacheHitThreshold partialHitThreshold l1TtlSecs l2TtlSecs'
  "$1" \
    endpoint=rate_limits file=rate_limits.json \
    read='/api/v1/rate-limits/{tenant}' \
    restore='PUT /api/v1/rate-limits/{tenant}' \
    fields='tier models'
  "$1" \
    endpoint=routing_config file=routing_config.json \
    read=/api/v1/routing/config \
    restore='PUT /api/v1/routing/config' \
    fields='strategy rules weights cascadeConfig sloConfig'
  "$1" \
    endpoint=mcp_servers file=mcp_servers.json identity=name \
    list=/api/v1/mcp/servers container=servers \
    delete='DELETE /api/v1/mcp/servers/{id}' \
    variables='url authConfig.tokenUrl authConfig.clientId' hidden=authConfig \
    fields='name description url transport authType'
  "$1" \
    endpoint=virtual_keys file=virtual_keys.json identity=name \
    list=/api/v1/virtual-keys container=keys \
    delete='DELETE /api/v1/virtual-keys/{id}' \
    restore='PUT /api/v1/virtual-keys/{id}' \
    references=teamId=teams secrets=virtual_key_secrets.json \
    fields='name description apiKeyIds rateLimitRpm rateLimitTpm rateLimitRpd allowedModels allowedIps expiresAt'
  "$1" \
    endpoint=users file=users.json identity=email \
    list=/api/v1/users container=users size=page_size last=total_pages \
    delete='DELETE /api/v1/users/{id}' \
    restore='PUT /api/v1/users/{id}' \
    fields='email name external_id identity_provider metadata'
  "$1" \
    endpoint=teams file=teams.json identity=name \
    list=/api/v1/teams container=teams \
    delete='DELETE /api/v1/teams/{id}' \
    restore='PUT /api/v1/teams/{id}' \
    references=parentTeamId=organizations \
    fields='name description parentTeamId maxBudgetCents budgetPeriod'
  "$1" \
    endpoint=organizations file=organizations.json identity=name \
    list=/api/v1/teams container=teams \
    delete='DELETE /api/v1/teams/{id}' \
    restore='PUT /api/v1/teams/{id}' \
    fields='name description parentTeamId maxBudgetCents budgetPeriod'
  "$1" \
    endpoint=guardrails file=guardrails.json identity=name \
    list=/api/v1/guardrails container=guardrails \
    delete='DELETE /api/v1/guardrails/{id}' \
    restore='PUT /api/v1/guardrails/{id}' \
    fields='name description guardType category enabled action priority rules'
  "$1" \
    endpoint=models file=models.json identity='providerType modelId' \
    list=/api/v1/model-catalog/models container=models \
    delete='DELETE /api/v1/model-catalog/models/{id}' \
    restore='PUT /api/v1/model-catalog/models/{id}' \
    fields='modelId displayName description providerType modelType capabilities pricing limits status family releaseDate deprecationDate'
  "$1" \
    endpoint=providers file=providers.json identity=slug \
    list=/api/v1/model-catalog/providers container=providers \
    delete='DELETE /api/v1/model-catalog/providers/{id}' \
    restore='PUT /api/v1/model-catalog/providers/{id}' \
    references=integrationId=integrations \
    fields='slug name description providerType integrationId priority budget rateLimits tags'
  "$1" \
    endpoint=integrations file=integrations.json identity=name \
    list=/api/v1/model-catalog/integrations container=integrations \
    delete='DELETE /api/v1/model-catalog/integrations/{id}' \
    restore='PUT /api/v1/model-catalog/integrations/{id}' \
    variables='apiKey endpointUrl config.apiVersion config.region config.location config.project config.organization config.roleArn config.roleSessionName config.profile config.accessKeyId config.secretAccessKey config.sessionToken config.credentials config.tenantId config.clientId config.clientSecret config.adToken' hidden=apiKey \
    fields='name description providerType endpointUrl config'
}
steps learn
steps undo
printf '%s: %d deleted, %d restored, %d gone, %d refused.\n' "$verdict" "$deleted" "$restored" "$gone" "$refused"
((refused == 0)) || exit 1
