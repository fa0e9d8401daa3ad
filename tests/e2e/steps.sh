# shellcheck shell=bash
# What scripts of this folder share. They set `rows`, the folder of the rows.

# expect WHAT NUMBER LEAST MOST
expect() {
  echo "$1: $2, $3 to $4"
  if (($2 < $3 || $2 > $4)); then
    echo "$1 is out of bounds" >&2
    exit 1
  fi
}

# A counter of the summary NAME.log.
counter() { sed -n "s/^  $2 *//p" "$rows/$1.log" | tr -d ,; }

# UDP packets of the scan, less what it asked twice because this machine was too
# busy to answer in time.
packets() {
  echo $(($(counter "$1" udp_tries) - $(counter "$1" udp_expired) -
    $(counter "$1" udp_superseded)))
}

# Of the rows NAME.ndjson.
pruned() { grep -c '"pruned"' "$rows/$1.ndjson" || true; }

# kill_again_and_again "SECONDS..." COMMAND...: starts the command, which writes
# its rows into the folder, kills it after so long, goes on with --resume. Sets `kills`, and
# `resume` for the run that ends it.
kill_again_and_again() {
  local seconds
  local times=$1
  shift
  resume=()
  kills=0
  for seconds in $times; do
    "$@" "${resume[@]}" &
    sleep "$seconds"
    if ! kill -9 $! 2>/dev/null; then break; fi
    wait $! || true
    kills=$((kills + 1))
    if compgen -G "$rows/*.journal" >/dev/null; then resume=(--resume); fi
  done
  [[ ${#resume[@]} == 1 ]]
}
