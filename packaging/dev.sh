#!/bin/sh
# Sets a Debian machine up, then opens the window or runs the tests:
#
#     sh packaging/dev.sh run [ARGS...]     ARGS go to the program
#     sh packaging/dev.sh test [ARGS...]    ARGS go to pytest
#
# System packages are installed only where they are missing; everything else goes into .venv. What
# was done is remembered in .venv/.ready, so that the next run starts at once.
set -eu

say() { printf 'lossacc-gui: %s\n' "$*" >&2; }  # not to stdout: that is the program's own
stop() { say "$@"; exit 1; }

# Python 3.11 reads by the locale which folder this is: with LC_ALL=C it would fail over any ü in it.
case $(locale charmap 2>/dev/null) in UTF-8) ;; *) LC_ALL=C.UTF-8; export LC_ALL ;; esac

here=$PWD
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
venv=$root/.venv
python=$venv/bin/python
ready=$venv/.ready
command=${1:-}
case $command in
    run | test) shift ;;
    *) say "usage: sh packaging/dev.sh run [ARGS...] | test [ARGS...]"; exit 2 ;;
esac

# --- system packages -----------------------------------------------------------------------------

usable() {
    "$1" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null
}
find_python() {
    for base in python3 /usr/bin/python3 python3.14 python3.13 python3.12 python3.11; do
        if usable "$base"; then return; fi
    done
    base=
}

needs='libEGL.so.1:libegl1 libGL.so.1:libgl1 libdbus-1.so.3:libdbus-1-3 libxkbcommon.so.0:libxkbcommon0
    libfontconfig.so.1:libfontconfig1 libglib-2.0.so.0:libglib2.0-0'
screen='libxcb-cursor.so.0:libxcb-cursor0 libxcb-icccm.so.4:libxcb-icccm4 libxcb-keysyms.so.1:libxcb-keysyms1
    libxcb-shape.so.0:libxcb-shape0 libxkbcommon-x11.so.0:libxkbcommon-x11-0'
tools='Xvfb:xvfb openbox:openbox xdotool:xdotool xclip:xclip'
if [ "$command" = run ] && [ -n "${DISPLAY:-}" ]; then needs="$needs $screen"; fi
if [ "$command" = run ] && [ -n "${WAYLAND_DISPLAY:-}" ]; then
    needs="$needs libwayland-cursor.so.0:libwayland-cursor0"
fi
installed=$(PATH=$PATH:/usr/sbin:/sbin ldconfig -p)
lacking() {  # the packages of what is not there, of words LIBRARY:PACKAGE or PROGRAM:PACKAGE
    lacked=
    for need do
        case $installed in *"${need%:*} ("*) continue ;; esac
        command -v "${need%:*}" >/dev/null || lacked="$lacked ${need#*:}"
    done
    printf %s "$lacked"
}
# shellcheck disable=SC2086  # one word a need
missing=$(lacking $needs)

# Where this folder, the environment's Python or pyproject.toml changed, the environment is stale.
made="$root $("$python" -V 2>/dev/null || true)"
wanted=$(cksum <"$root/pyproject.toml")
had_made='' had_wanted='' had_command=''
if [ -f "$ready" ]; then
    { read -r had_made && read -r had_wanted && read -r had_command; } <"$ready" || true
fi
if [ "$made" != "$had_made" ]; then
    find_python
    [ -n "$base" ] || missing="$missing python3 python3-venv"
fi

if [ "$(id -u)" = 0 ]; then as_root=; else as_root=sudo; fi
apt() { $as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120 "$@"; }
install() {
    apt update && apt install -y --no-install-recommends "$@"
}
if [ -n "$missing" ]; then
    command -v apt-get >/dev/null || stop "this needs what Debian calls:$missing"
    [ -z "$as_root" ] || command -v sudo >/dev/null ||
        stop "these system packages are missing, and installing them needs root or sudo:$missing"
    say "installing system packages:$missing"
    log=$(mktemp)
    # shellcheck disable=SC2086  # one word a package
    install $missing >"$log" || { cat "$log" >&2; stop "apt-get could not install:$missing"; }
    rm -f "$log"
fi
# The tests of a real window bring their own screen. It is asked for once; without it they skip.
if [ "$command" = test ] && [ "$had_command" != test ]; then
    # shellcheck disable=SC2086  # one word a need
    wished=$(lacking $screen $tools)
    if [ -n "$wished" ]; then
        say "installing what the tests of a real window need:$wished"
        if [ -n "$as_root" ]; then as_root='sudo -n'; fi  # nobody is asked for a password for these
        # shellcheck disable=SC2086  # one word a package
        install $wished >/dev/null 2>&1 || say "that did not work; these tests will skip"
    fi
fi

# --- .venv ---------------------------------------------------------------------------------------

if [ "$made" != "$had_made" ]; then
    find_python
    [ -n "$base" ] || stop "this needs Python 3.11 to 3.14 with its venv module"
    say "making .venv with $("$base" -V)"
    [ -w "$root" ] || stop "$root: nothing can be written there: copy the folder to a place of your own"
    rm -rf "$venv"
    "$base" -m venv "$venv"
    made="$root $("$python" -V)"
    had_wanted=
fi
case $wanted:$command in
    "$had_wanted:$had_command" | "$had_wanted:run") ;;  # an environment for the tests runs as well
    *)
        rm -f "$ready"  # so that an interrupted installation begins again
        [ "$command" = test ] && what='.[test]' || what=.
        say "installing $what and what it needs into .venv"
        (cd "$root" && "$python" -m pip --disable-pip-version-check install --quiet -e "$what")
        printf '%s\n' "$made" "$wanted" "$command" >"$ready"
        ;;
esac

# --- run or test ---------------------------------------------------------------------------------

if [ "$command" = test ]; then
    cd "$root"
    exec "$python" -m pytest "$@"
fi

program=$venv/bin/lossacc-gui
case ${DISPLAY:+display}${WAYLAND_DISPLAY:+display}:${1:-} in
    :metrics | :figure | :-h | :--help | :--version) exec "$program" "$@" ;;
    :*) ;;
    *) exec "$program" "$@" ;;
esac
say "no display here: drawing the window to $here/lossacc-gui.png instead, then its metrics"
"$program" figure --view window --out lossacc-gui.png "$@"  # last, as there may be a -- among them
value=
for word do  # metrics takes the same words, without the theme
    shift
    if [ -n "$value" ]; then value=; continue; fi
    case $word in
        --theme) value=follows ;;
        --theme=*) ;;
        *) set -- "$@" "$word" ;;
    esac
done
exec "$program" metrics "$@"
