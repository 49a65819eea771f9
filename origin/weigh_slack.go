package origin

// findSlackDiffers compares the creation time of the file with the one that slack has of it.
func (q *inquiry) findSlackDiffers() []clash {
	if q.rec == nil {
		return nil
	}
	n := q.otherCreated()
	if n == nil {
		return nil
	}
	evidence := append(q.citeTimes()[:1], n.cited)
	return []clash{clashing(evidence, "The creation time is %s in $STANDARD_INFORMATION, but %s still has %s for the file: a program set it since, to hide when the file came, or because it copied or extracted the file with its times.",
		timeText(q.rec.StandardInformation.Created), n.where(), timeText(n.Created))}
}
