"""What needs attention: unused content, searches that found nothing, and requests."""
