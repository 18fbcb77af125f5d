"""The operations that the provider's client knows and the simulator does not, each with the reason.

answers_test.py fails if an operation stands here that the simulator serves, or that the client no longer knows, and if one
is missing.
"""

_DTMF = "no program of this tree sends or captures digits"
_RECORDINGS = "no program of this tree records; the field recording of a request is accepted and not acted out"
_DIALOGS = "a bridge is a conference: no program of this tree makes a dialog"
_CONNECT = "joins two calls in one request, without the steps that a bridge needs in between"
_TRANSFERS = "belongs to applications, which accounts of today do not have (docs/provider.md §2)"
_SPEECH = "no program of this tree recognises or transcribes speech"
_BULKS = "no program of this tree dials in bulk"
_TRUNKS = "an account's own telephone lines, which the operator sets up at the provider"
_STREAMS = "no program of this tree streams media"
_BROWSERS = "a text for browsers, which no program of this tree sends"

NOT_SERVED = {
    "application_transfer": _TRANSFERS,
    "application_transfer_accept": _TRANSFERS,
    "application_transfer_reject": _TRANSFERS,
    "call_capture_dtmf": _DTMF,
    "call_capture_speech": _SPEECH,
    "call_send_dtmf": _DTMF,
    "call_start_recording": _RECORDINGS,
    "call_start_transcription": _SPEECH,
    "call_stop_recording": _RECORDINGS,
    "call_stop_transcription": _SPEECH,
    "cancel_bulk": _BULKS,
    "compose_conference_recording": _RECORDINGS,
    "compose_dialog_recording": _DIALOGS,
    "conference_broadcast_webrtc_text": _BROWSERS,
    "conference_start_recording": _RECORDINGS,
    "conference_stop_recording": _RECORDINGS,
    "connect_calls": _CONNECT,
    "connect_with_new_call": _CONNECT,
    "create_bulk": _BULKS,
    "create_dialog": _DIALOGS,
    "create_dialog_with_existing_calls": _DIALOGS,
    "create_media_stream_config": _STREAMS,
    "create_sip_trunk": _TRUNKS,
    "create_sip_trunk_service_address": _TRUNKS,
    "delete_call_recordings": _RECORDINGS,
    "delete_conference_recordings": _RECORDINGS,
    "delete_dialog_recordings": _DIALOGS,
    "delete_media_stream_config": _STREAMS,
    "delete_recording_file": _RECORDINGS,
    "delete_sip_trunk": _TRUNKS,
    "delete_sip_trunk_service_address": _TRUNKS,
    "dialog_broadcast_webrtc_text": _DIALOGS,
    "dialog_play_file": _DIALOGS,
    "dialog_say_text": _DIALOGS,
    "dialog_start_recording": _DIALOGS,
    "dialog_stop_playing_file": _DIALOGS,
    "dialog_stop_recording": _DIALOGS,
    "download_recording_file": _RECORDINGS,
    "get_bulk_status": _BULKS,
    "get_call_recordings": _RECORDINGS,
    "get_calls_recordings": _RECORDINGS,
    "get_conference_recordings": _RECORDINGS,
    "get_conferences_recordings": _RECORDINGS,
    "get_countries": _TRUNKS,
    "get_dialog": _DIALOGS,
    "get_dialog_history": _DIALOGS,
    "get_dialog_recordings": _DIALOGS,
    "get_dialogs": _DIALOGS,
    "get_dialogs_history": _DIALOGS,
    "get_dialogs_recordings": _DIALOGS,
    "get_media_stream_config": _STREAMS,
    "get_media_stream_configs": _STREAMS,
    "get_regions": _TRUNKS,
    "get_sip_trunk": _TRUNKS,
    "get_sip_trunk_service_address": _TRUNKS,
    "get_sip_trunk_service_addresses": _TRUNKS,
    "get_sip_trunk_status": _TRUNKS,
    "get_sip_trunks": _TRUNKS,
    "hangup_dialog": _DIALOGS,
    "pause_bulk": _BULKS,
    "reschedule_bulk": _BULKS,
    "reset_sip_trunk_password": _TRUNKS,
    "resume_bulk": _BULKS,
    "set_sip_trunk_status": _TRUNKS,
    "start_media_stream": _STREAMS,
    "stop_media_stream": _STREAMS,
    "update_media_stream_config": _STREAMS,
    "update_sip_trunk": _TRUNKS,
    "update_sip_trunk_service_address": _TRUNKS,
}
