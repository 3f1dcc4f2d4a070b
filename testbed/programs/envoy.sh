#!/bin/sh
# Envoy as pilot-agent starts it, but its access log is written within 20 ms: a test reads it after every call.
for argument; do
  shift
  if [ "$previous" = --file-flush-interval-msec ]; then argument=20; fi
  previous=$argument
  set -- "$@" "$argument"
done
exec /testbed/bin/envoy "$@"
