"""A real RTSP server with the ways of cameras; ends when its standard input does. Prints one line of JSON: its ports."""

import json
import sys
import threading

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import Gio, GLib, Gst, GstRtspServer  # noqa: E402

ENCODED = "video/x-raw,width=320,height=180,framerate=10/1 ! x264enc tune=zerolatency speed-preset=ultrafast key-int-max=10 bitrate=300 ! rtph264pay name=pay0 pt=96 config-interval=1"
PATHS = {
    # a ball that moves: every frame differs
    "/live": f"( videotestsrc is-live=true pattern=ball ! {ENCODED} )",
    # the same frame for ever
    "/still": f"( videotestsrc is-live=true pattern=smpte ! {ENCODED} )",
    "/black": f"( videotestsrc is-live=true pattern=black ! {ENCODED} )",
    # an encoder that hangs: it never has anything to describe
    "/silent": "( appsrc is-live=true ! video/x-h264,stream-format=byte-stream,alignment=au ! rtph264pay name=pay0 pt=96 )",
    # one frame, and nothing after it
    "/stops": f"( videotestsrc is-live=true ! identity name=cut ! {ENCODED} )",
    # what no browser plays as it is
    "/jpeg": "( videotestsrc is-live=true pattern=ball ! video/x-raw,format=I420,width=320,height=176,framerate=10/1 ! jpegenc ! rtpjpegpay name=pay0 pt=26 )",
    "/sound": "( audiotestsrc is-live=true ! alawenc ! rtppcmapay name=pay0 pt=8 )",
}


def cut(_factory, media):
    """Lets the first frame through and drops all others."""
    element = media.get_element().get_by_name("cut")
    if element is None:
        return
    frames = iter([Gst.PadProbeReturn.OK]*2)
    element.get_static_pad("src").add_probe(
        Gst.PadProbeType.BUFFER, lambda _pad, _info: next(frames, Gst.PadProbeReturn.DROP)
    )


def serve(auth=None):
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service("0")
    if auth is not None:
        server.set_auth(auth)
    for path, launch in PATHS.items():
        factory = GstRtspServer.RTSPMediaFactory()
        factory.set_launch(launch)
        factory.set_shared(True)
        factory.set_stop_on_disconnect(True)
        factory.connect("media-configure", cut)
        permissions = GstRtspServer.RTSPPermissions()
        for right in ("media.factory.access", "media.factory.construct"):
            permissions.add_permission_for_role("viewer", right, True)
        factory.set_permissions(permissions)
        server.get_mount_points().add_factory(path, factory)
    # A client that waits for an encoder that hangs holds a thread: the others have theirs.
    server.get_thread_pool().set_max_threads(-1)
    server.attach(None)
    return server


def viewer():
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "viewer")
    return token


def signed(user, password):
    auth = GstRtspServer.RTSPAuth()
    auth.set_supported_methods(2)  # GST_RTSP_AUTH_DIGEST
    auth.add_digest(user, password, viewer())
    return auth


def secured(pem):
    auth = GstRtspServer.RTSPAuth()
    auth.set_default_token(viewer())
    auth.set_tls_certificate(Gio.TlsCertificate.new_from_file(pem))
    return auth


def main():
    options = json.loads(sys.argv[1])
    Gst.init(None)
    servers = {"open": serve(), "signed": serve(signed(options["user"], options["password"]))}
    if options.get("pem"):
        servers["secured"] = serve(secured(options["pem"]))
    print(json.dumps({name: server.get_bound_port() for name, server in servers.items()}), flush=True)
    loop = GLib.MainLoop()
    threading.Thread(target=lambda: (sys.stdin.read(), GLib.idle_add(loop.quit)), daemon=True).start()
    loop.run()


main()
