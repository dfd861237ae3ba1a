"""Python imports this file by itself when the emulator starts (it stands on the emulator's PYTHONPATH).

The emulator's Lambda runtime server writes header and body of each answer apart, so each invocation waits
about 40 ms for a delayed acknowledgement. One buffered write without Nagle's algorithm ends that wait.
"""

import socketserver

socketserver.StreamRequestHandler.wbufsize = -1
socketserver.StreamRequestHandler.disable_nagle_algorithm = True
