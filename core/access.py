"""What a person may do, as words; which role may do what stands in ``accounts.roles``."""

from enum import StrEnum

#: Spelled out by doors that every signed-in person may open, e.g. the inbox.
ANY_USER = "any_user"


class Permission(StrEnum):
    """One line of the policy. Views declare one; rules combine them with department and row."""

    # Read
    READ_CATALOGUE = "read_catalogue"
    READ_ALL_DEPARTMENTS = "read_all_departments"
    READ_AUDIT = "read_audit"
    # Office
    KEEP_CATALOGUE = "keep_catalogue"
    KEEP_CALENDAR = "keep_calendar"
    KEEP_LEADING_GROUP = "keep_leading_group"
    REVIEW_REPORTS = "review_reports"
    REOPEN_REPORTS = "reopen_reports"
    UNLOCK_DATES = "unlock_dates"
    REMIND_DEPARTMENTS = "remind_departments"
    REVIEW_EVIDENCE = "review_evidence"
    CORRECT_VALUES = "correct_values"
    KEEP_COORDINATION = "keep_coordination"
    CONFIRM_DISPATCH_CLASS = "confirm_dispatch_class"
    IMPORT_DATA = "import_data"
    OPEN_IMPORTS = "open_imports"
    SEE_DISPATCH_BOARD = "see_dispatch_board"
    APPROVE_CONSTRAINTS = "approve_constraints"
    # Complaints
    DISPATCH_COMPLAINTS = "dispatch_complaints"
    DECIDE_COMPLAINTS = "decide_complaints"
    HANDLE_COMPLAINTS = "handle_complaints"
    SIGN_COMPLAINTS = "sign_complaints"
    READ_COMPLAINTS = "read_complaints"
    # Inspections and issues
    READ_ISSUES = "read_issues"
    READ_INSPECTIONS = "read_inspections"
    KEEP_INSPECTIONS = "keep_inspections"
    WRITE_ISSUES = "write_issues"
    KEEP_ISSUES = "keep_issues"
    DECIDE_ISSUES = "decide_issues"
    HANDLE_ISSUES = "handle_issues"
    SIGN_ISSUES = "sign_issues"
    VERIFY_ISSUES = "verify_issues"
    VERIFY_IN_NEED = "verify_in_need"
    LOOK_BACK = "look_back"
    SUPERVISE = "supervise"
    # Bulletins
    READ_BULLETINS = "read_bulletins"
    READ_BULLETIN_DRAFTS = "read_bulletin_drafts"
    DRAFT_BULLETINS = "draft_bulletins"
    REVIEW_BULLETINS = "review_bulletins"
    SIGN_BULLETINS = "sign_bulletins"
    ACKNOWLEDGE_BULLETINS = "acknowledge_bulletins"
    # Leaders
    WRITE_INSTRUCTIONS = "write_instructions"
    # Departments
    REPORT = "report"
    APPROVE_REPORTS = "approve_reports"
    ADD_EVIDENCE = "add_evidence"
    SET_DEPARTMENT_OPTIONS = "set_department_options"
    # Administration (三员)
    KEEP_ACCOUNTS = "keep_accounts"
    APPROVE_ACCOUNTS = "approve_accounts"
    READ_ACCOUNT_REQUESTS = "read_account_requests"
    USE_CONSOLE = "use_console"
    KEEP_DEPARTMENTS = "keep_departments"
    KEEP_SETTINGS = "keep_settings"
    READ_DEPARTMENTS = "read_departments"
